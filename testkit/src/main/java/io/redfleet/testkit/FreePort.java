package io.redfleet.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A loopback port that nobody listens on and that this JVM has not handed out before.
 *
 * <p>Taken from below the range that the kernel hands to outgoing connections and to those who bind port 0, so that none
 * of them takes it before the process it is meant for has bound it.
 */
public final class FreePort {
    private static final int LOWEST = 10_300;
    /** Sentinel's and Redis's own bus port lies 10,000 above the port; 20,000 is where other choosers begin. */
    private static final int HIGHEST = 20_000;

    private static final int ATTEMPTS = 500;
    private static final Set<Integer> HANDED_OUT = ConcurrentHashMap.newKeySet();

    private FreePort() {}

    public static int choose() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (free(port) && HANDED_OUT.add(port)) {
                return port;
            }
        }
        throw new AssertionError("no free port between " + LOWEST + " and " + HIGHEST);
    }

    private static boolean free(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(false);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
