package io.redfleet.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The server's half of RESP2, as far as probes need it. */
final class Resp {
    private static final int WORDS_MAX = 1_000;

    private Resp() {}

    /** An error reply, as {@code LOADING Redis is loading the dataset in memory}. */
    record Failure(String message) {}

    /** A simple string, as {@code PONG}. */
    record Simple(String text) {}

    /** Takes the next whole command out of the buffer; empty, and nothing taken, while a part of it is still to come. */
    static List<String> command(ByteBuffer in) throws IOException {
        int start = in.position();
        List<String> words = words(in);
        if (words.isEmpty()) {
            in.position(start);
        }
        return words;
    }

    /** Strings are bulk strings, lists arrays, whole numbers integers. */
    static byte[] reply(Object value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(out, value);
        return out.toByteArray();
    }

    private static List<String> words(ByteBuffer in) throws IOException {
        String head = line(in);
        if (head == null) {
            return List.of();
        }
        if (!head.startsWith("*")) {
            return List.of(head.split(" "));
        }
        int count = Integer.parseInt(head.substring(1));
        if (count > WORDS_MAX) {
            throw new IOException("a command of " + count + " words");
        }
        List<String> words = new ArrayList<>(count);
        while (words.size() < count) {
            String length = line(in);
            int bytes = length == null ? 0 : Integer.parseInt(length.substring(1));
            if (length == null || in.remaining() < bytes + 2) {
                return List.of();
            }
            byte[] word = new byte[bytes];
            in.get(word);
            in.position(in.position() + 2);
            words.add(new String(word, UTF_8));
        }
        return words;
    }

    private static void write(ByteArrayOutputStream out, Object value) {
        switch (value) {
            case Failure failure -> text(out, "-" + failure.message());
            case Simple simple -> text(out, "+" + simple.text());
            case Number number -> text(out, ":" + number);
            case List<?> list -> {
                text(out, "*" + list.size());
                list.forEach(item -> write(out, item));
            }
            default -> {
                byte[] bytes = value.toString().getBytes(UTF_8);
                text(out, "$" + bytes.length);
                out.writeBytes(bytes);
                out.writeBytes(new byte[] {'\r', '\n'});
            }
        }
    }

    private static void text(ByteArrayOutputStream out, String line) {
        out.writeBytes((line + "\r\n").getBytes(UTF_8));
    }

    /** Without its end; null while that is still to come. */
    private static @Nullable String line(ByteBuffer in) {
        StringBuilder line = new StringBuilder();
        while (in.hasRemaining()) {
            char next = (char) in.get();
            if (next == '\n') {
                return line.toString();
            }
            if (next != '\r') {
                line.append(next);
            }
        }
        return null;
    }
}
