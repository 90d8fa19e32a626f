package io.redfleet.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** One connection to a scripted instance. Read on the switchboard's thread; {@link #send} is for any thread. */
final class ScriptedWire {
    /** A pipeline of a probe's commands; longer ones let it grow. */
    private static final int BYTES = 512;

    private static final int BYTES_MAX = 64 * 1024;

    private final SocketChannel channel;
    private final BiConsumer<ScriptedWire, List<String>> commands;
    private final Consumer<ScriptedWire> ended;
    private ByteBuffer in = ByteBuffer.allocate(BYTES);

    ScriptedWire(SocketChannel channel, BiConsumer<ScriptedWire, List<String>> commands, Consumer<ScriptedWire> ended) {
        this.channel = channel;
        this.commands = commands;
        this.ended = ended;
    }

    /** What has come, whole commands and the beginning of the next one. */
    void read() {
        try {
            if (channel.read(in) < 0) {
                end();
                return;
            }
            in.flip();
            for (List<String> command = Resp.command(in); !command.isEmpty(); command = Resp.command(in)) {
                commands.accept(this, command);
            }
            in.compact();
            grow();
        } catch (IOException e) {
            end();
        }
    }

    /** A peer that lets some megabytes of answers lie is cut off. */
    void send(byte[] bytes) {
        ByteBuffer out = ByteBuffer.wrap(bytes);
        synchronized (channel) {
            try {
                if (channel.write(out) < bytes.length) {
                    close(channel);
                }
            } catch (IOException e) {
                // Its reader will find the connection closed.
            }
        }
    }

    void end() {
        close(channel);
        ended.accept(this);
    }

    @Override
    public String toString() {
        return channel.toString();
    }

    private void grow() throws IOException {
        if (in.hasRemaining()) {
            return;
        }
        if (in.capacity() >= BYTES_MAX) {
            throw new IOException("a command of more than " + BYTES_MAX + " bytes");
        }
        ByteBuffer larger = ByteBuffer.allocate(2 * in.capacity());
        larger.put(in.flip());
        in = larger;
    }

    static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            // Closed is what it should be.
        }
    }
}
