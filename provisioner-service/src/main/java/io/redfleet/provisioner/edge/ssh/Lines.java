package io.redfleet.provisioner.edge.ssh;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Cuts a stream into lines; a line longer than the limit is cut short. */
final class Lines extends OutputStream {
    private static final int LIMIT_BYTES = 64 * 1024;

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final Consumer<String> sink;

    Lines(Consumer<String> sink) {
        this.sink = sink;
    }

    @Override
    public void write(int b) {
        if (b == '\n') {
            sink.accept(Bounded.plain(line.toString(StandardCharsets.UTF_8)));
            line.reset();
        } else if (line.size() < LIMIT_BYTES) {
            line.write(b);
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            write(bytes[i]);
        }
    }
}
