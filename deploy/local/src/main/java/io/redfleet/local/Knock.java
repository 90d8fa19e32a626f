package io.redfleet.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;

/**
 * Asks a server the first question of its protocol. A bound port proves nothing: the kernel takes connections for a process
 * that is stopped.
 */
final class Knock {
    private static final int PATIENCE_MILLIS = 2_000;

    /** ApiVersions (key 18), version 0, correlation id 1, no client id, with its length in front. */
    private static final byte[] KAFKA_API_VERSIONS = ByteBuffer.allocate(14)
            .putInt(10)
            .putShort((short) 18)
            .putShort((short) 0)
            .putInt(1)
            .putShort((short) -1)
            .array();

    /** SSLRequest: its length and the number that PostgreSQL's protocol reserves for it; answered by S or N. */
    private static final byte[] POSTGRES_SSL_REQUEST =
            ByteBuffer.allocate(8).putInt(8).putInt(80_877_103).array();

    private Knock() {}

    static boolean kafka(int port) {
        return answered(port, KAFKA_API_VERSIONS);
    }

    static boolean postgres(int port) {
        return answered(port, POSTGRES_SSL_REQUEST);
    }

    private static boolean answered(int port, byte[] question) {
        try (var socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
            socket.getOutputStream().write(question);
            return socket.getInputStream().read() >= 0;
        } catch (IOException silent) {
            return false;
        }
    }
}
