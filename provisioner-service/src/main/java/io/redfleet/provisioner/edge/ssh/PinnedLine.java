package io.redfleet.provisioner.edge.ssh;

import java.util.regex.Pattern;

/**
 * A line of known_hosts that pins the one key of one place.
 *
 * @param place {@code address:port}, as it is asked for
 * @param key type and base64, as a host shows it
 */
record PinnedLine(String place, String key) {
    private static final Pattern PLACE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]*:[1-9][0-9]{0,4}");
    private static final int MOST_PORT = 65535;

    /**
     * Reads a line; what comes after the key is a comment, and dropped.
     *
     * @throws IllegalArgumentException what is wrong with the line: one that is passed over would be a pin that nobody asks for
     */
    static PinnedLine read(String line) {
        String[] words = line.strip().split("\\s+", 4);
        if (!isPlace(words[0])) {
            throw new IllegalArgumentException(
                    words[0] + " is neither a mark nor address:port; lines of ssh's own form are not understood");
        }
        if (words.length < 3) {
            throw new IllegalArgumentException(words[0] + " takes a type and a key");
        }
        return new PinnedLine(words[0], MarkedKey.key(words[1], words[2]));
    }

    private static boolean isPlace(String word) {
        return PLACE.matcher(word).matches() && Integer.parseInt(word.substring(word.indexOf(':') + 1)) <= MOST_PORT;
    }
}
