package io.redfleet.gateway.board;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Which part of a list is wanted.
 *
 * <p>A cursor is the key of the last item that was given: a page is right even if items came or went in between.
 *
 * @param limit from 1 to {@link #MOST}
 * @param after the key to start after; empty for the start
 */
public record Window(int limit, String after) {
    public static final int MOST = 1_000;
    public static final int USUAL = 100;

    public Window {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("from 1 to " + MOST);
        }
    }

    /** @throws IllegalArgumentException if this is no cursor of ours */
    public static Window after(int limit, String cursor) {
        return new Window(limit, new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8));
    }

    public static Window first(int limit) {
        return new Window(limit, "");
    }

    static String cursor(String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }
}
