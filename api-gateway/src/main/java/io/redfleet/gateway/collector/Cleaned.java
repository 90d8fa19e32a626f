package io.redfleet.gateway.collector;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A posting without what Monit writes although XML has no place for it: control characters of a program's output, and a
 * user name and password whose {@code <} and {@code &} it does not escape. Neither is of any use here.
 */
final class Cleaned {
    private static final byte[] HEAD_ENDS = "</server>".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BEGINS = "<credentials>".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ENDS = "</credentials>".getBytes(StandardCharsets.US_ASCII);

    private Cleaned() {}

    static byte[] of(byte[] posting) {
        byte[] clean = withoutCredentials(posting);
        for (int i = 0; i < clean.length; i++) {
            int c = clean[i];
            if (c >= 0 && c < ' ' && c != '\t' && c != '\n' && c != '\r') {
                clean[i] = ' ';
            }
        }
        return clean;
    }

    /** They stand in the head; what looks alike in the output of a program is left as it is. */
    private static byte[] withoutCredentials(byte[] posting) {
        int head = find(posting, HEAD_ENDS, 0, posting.length);
        int from = find(posting, BEGINS, 0, head < 0 ? posting.length : head);
        int to = from < 0 ? -1 : last(posting, ENDS, from, head < 0 ? posting.length : head);
        if (to < 0) {
            return posting.clone();
        }
        int rest = to + ENDS.length;
        byte[] without = Arrays.copyOf(posting, from + posting.length - rest);
        System.arraycopy(posting, rest, without, from, posting.length - rest);
        return without;
    }

    private static int find(byte[] in, byte[] what, int from, int to) {
        for (int i = from; i + what.length <= to; i++) {
            if (Arrays.equals(in, i, i + what.length, what, 0, what.length)) {
                return i;
            }
        }
        return -1;
    }

    private static int last(byte[] in, byte[] what, int from, int to) {
        for (int i = to - what.length; i >= from; i--) {
            if (Arrays.equals(in, i, i + what.length, what, 0, what.length)) {
                return i;
            }
        }
        return -1;
    }
}
