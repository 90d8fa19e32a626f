package io.redfleet.gateway.edge.collector;

import io.redfleet.testkit.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Many connections that one thread holds, whatever the other side does with them. */
final class Crowd implements AutoCloseable {
    private final InetSocketAddress address;
    private final List<Guest> guests = new ArrayList<>();

    Crowd(int port) {
        this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** So many connections, each of which is to say this and nothing more. */
    List<Guest> join(int count, byte[]... words) throws IOException {
        List<Guest> joined = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Guest guest = new Guest(SocketChannel.open(address), words);
            guests.add(guest);
            joined.add(guest);
        }
        return joined;
    }

    /** Sends what can be sent and reads what has come, again and again, until it holds. */
    void until(String what, Duration within, BooleanSupplier holds) {
        Await.until(what, within, () -> {
            guests.forEach(Guest::turn);
            return holds.getAsBoolean();
        });
    }

    @Override
    public void close() throws IOException {
        for (Guest guest : guests) {
            guest.channel.close();
        }
    }

    /** One connection. */
    static final class Guest {
        private final SocketChannel channel;
        private final ByteBuffer[] words;
        private final ByteBuffer heard = ByteBuffer.allocate(1_024);
        private boolean gone;

        Guest(SocketChannel channel, byte[]... words) throws IOException {
            this.channel = channel;
            this.words = Arrays.stream(words).map(ByteBuffer::wrap).toArray(ByteBuffer[]::new);
            channel.configureBlocking(false);
        }

        /** Whether the other side has ended it. */
        boolean isGone() {
            return gone;
        }

        boolean hasSaidAll() {
            return Arrays.stream(words).noneMatch(ByteBuffer::hasRemaining);
        }

        /** What was answered so far, its first bytes. */
        String answer() {
            return new String(heard.array(), 0, heard.position(), StandardCharsets.US_ASCII);
        }

        private void turn() {
            if (gone) {
                return;
            }
            try {
                if (!hasSaidAll()) {
                    channel.write(words);
                }
            } catch (IOException cut) {
                // What was answered before that is still to be read.
                Arrays.stream(words).forEach(part -> part.position(part.limit()));
            }
            try {
                gone = channel.read(heard) < 0;
            } catch (IOException cut) {
                gone = true;
            }
        }
    }
}
