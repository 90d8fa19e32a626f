package io.redfleet.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;

/** The first words of a Kafka client that has no login. */
final class Greeting {
    private static final int PATIENCE_MILLIS = 5_000;

    /** Metadata (key 3), version 1, correlation id 7, no client id, all topics; with its length in front. */
    private static final byte[] METADATA = ByteBuffer.allocate(18)
            .putInt(14)
            .putShort((short) 3)
            .putShort((short) 1)
            .putInt(7)
            .putShort((short) -1)
            .putInt(-1)
            .array();

    private Greeting() {}

    enum Reply {
        ANSWERED,
        HUNG_UP
    }

    /** @throws IOException if nobody listens there, or nothing comes in five seconds */
    static Reply metadata(int port) throws IOException {
        try (var socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
            socket.getOutputStream().write(METADATA);
            return socket.getInputStream().read() >= 0 ? Reply.ANSWERED : Reply.HUNG_UP;
        }
    }
}
