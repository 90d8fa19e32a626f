package io.redfleet.provisioner.edge.ssh;

import com.jcraft.jsch.HostKey;
import com.jcraft.jsch.JSchException;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * A line of known_hosts that begins with a mark: the key of an authority that signs host keys, or a key that is never to be
 * believed.
 *
 * @param patterns addresses, or {@code [address]:port}, parted by commas; {@code *} and {@code ?} stand for any text and any
 *     character, a leading {@code !} excludes
 * @param key type and base64
 */
record MarkedKey(String mark, String patterns, String key) {
    static final String AUTHORITY = "@cert-authority";
    static final String REVOKED = "@revoked";

    /** @throws IllegalArgumentException what is wrong with the line: one that is passed over would be a hole */
    static MarkedKey read(String line) {
        String[] words = line.strip().split("\\s+", 5);
        if (!words[0].equals(AUTHORITY) && !words[0].equals(REVOKED)) {
            throw new IllegalArgumentException(words[0] + " is no mark: " + AUTHORITY + " and " + REVOKED + " are");
        }
        if (words.length < 4) {
            throw new IllegalArgumentException(words[0] + " takes addresses, a type and a key");
        }
        if (words[1].startsWith("|")) {
            throw new IllegalArgumentException("hashed names are not understood: write addresses");
        }
        MarkedKey read = new MarkedKey(words[0], words[1], key(words[2], words[3]));
        try {
            read.shown("any");
        } catch (JSchException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("the key is of no type that is understood: " + words[2], e);
        }
        return read;
    }

    /**
     * Type and base64 in the one form that a host's key is compared in; padding may have been left out.
     *
     * @throws IllegalArgumentException if it is no base64, or the key of another type
     */
    static String key(String type, String base64) {
        byte[] blob = Base64.getDecoder().decode(base64);
        if (!PinnedKey.typeOf(blob).equals(type)) {
            throw new IllegalArgumentException("the key is not of type " + type);
        }
        return type + " " + Base64.getEncoder().encodeToString(blob);
    }

    boolean isRevoked() {
        return mark.equals(REVOKED);
    }

    /** Whether it is about this place. */
    boolean isOf(String address, int port) {
        boolean found = false;
        for (String pattern : patterns.split(",")) {
            boolean excludes = pattern.startsWith("!");
            String wanted = excludes ? pattern.substring(1) : pattern;
            if (matches(wanted, address) || matches(wanted, "[" + address + "]:" + port)) {
                if (excludes) {
                    return false;
                }
                found = true;
            }
        }
        return found;
    }

    /**
     * As JSch takes it.
     *
     * @param place the one place that it is about, as JSch names it
     */
    HostKey shown(String place) throws JSchException {
        byte[] blob = Base64.getDecoder().decode(key.substring(key.indexOf(' ') + 1));
        return new HostKey(mark, place, HostKey.GUESS, blob, "");
    }

    private static boolean matches(String pattern, String text) {
        StringBuilder form = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            form.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
        }
        return text.matches(form.toString());
    }
}
