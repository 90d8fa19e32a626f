package io.redfleet.provisioner.edge.ssh;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Keeps the first bytes of a stream and counts the rest away, so that a talkative command cannot fill our memory. */
final class Bounded extends OutputStream {
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}&&[^\\n\\t]]");

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final int limit;

    Bounded(int limitBytes) {
        this.limit = limitBytes;
    }

    @Override
    public synchronized void write(int b) {
        if (kept.size() < limit) {
            kept.write(b);
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        kept.write(bytes, offset, Math.min(length, limit - kept.size()));
    }

    synchronized String text() {
        return plain(kept.toString(StandardCharsets.UTF_8));
    }

    /** How many bytes are kept. */
    synchronized int size() {
        return kept.size();
    }

    /** Each byte as a character, as it came: to look for something in it, and for nobody to read. */
    synchronized String raw() {
        return kept.toString(StandardCharsets.ISO_8859_1);
    }

    /** What a host says comes before people: control characters would be commands of its own to their terminals. */
    static String plain(String text) {
        return CONTROL.matcher(text).replaceAll("?");
    }
}
