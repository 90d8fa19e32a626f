package io.redfleet.provisioner.edge.ssh;

import io.redfleet.contracts.cluster.JumpHost;
import io.redfleet.provisioner.reach.KeyLimits;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Trouble;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** How a connection gets to where it goes, and how its failures begin. */
sealed interface Way {

    /** Sockets of one attempt. */
    LimitedSockets sockets(String key, KeyLimits limits, Duration within);

    /** Why what is on the way may be used no more; empty if it may. */
    default Optional<String> refusal() {
        return Optional.empty();
    }

    /** Whether what is on the way has been lost. Waits for a moment where that is not known yet. */
    default boolean isLost() {
        return false;
    }

    /** What stands before the reason of a failure. */
    default String named(HostAccess access, Trouble trouble) {
        return access + ": ";
    }

    /** To a host, by its address. */
    record Direct() implements Way {
        @Override
        public LimitedSockets sockets(String key, KeyLimits limits, Duration within) {
            return new LimitedSockets(key, limits, within);
        }
    }

    /** To a jump host, by its address. */
    record ToJump(JumpHost jump) implements Way {
        @Override
        public LimitedSockets sockets(String key, KeyLimits limits, Duration within) {
            return new LimitedSockets(key, limits, within);
        }

        @Override
        public String named(HostAccess access, Trouble trouble) {
            return this + (trouble == Trouble.UNREACHABLE ? " gave no answer: " : ": ");
        }

        @Override
        public String toString() {
            return "jump host " + jump;
        }
    }

    /** To a host through a jump host. */
    record Through(JumpHost jump, Connection connection) implements Way {
        private static final Duration KNOWN_WITHIN = Duration.ofMillis(500);
        private static final long LOOK_EVERY_MILLIS = 10;

        @Override
        public LimitedSockets sockets(String key, KeyLimits limits, Duration within) {
            return new LimitedSockets(key, limits, within, this::dial);
        }

        @Override
        public Optional<String> refusal() {
            return connection.refusal();
        }

        private Socket dial(InetAddress address, int port, Duration within) throws ForwardedSocket.Unopened {
            Lane.Lease place;
            try {
                place = connection.forward();
            } catch (Connection.Refused e) {
                throw new ForwardedSocket.Unopened(true, e.said());
            }
            return ForwardedSocket.open(
                    toString(), place, new ForwardedSocket.Target(address, port, within), connection);
        }

        /** A session ends its channels before it says that it is gone. */
        @Override
        public boolean isLost() {
            long end = System.nanoTime() + KNOWN_WITHIN.toNanos();
            while (!connection.isLost() && System.nanoTime() - end < 0) {
                try {
                    TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return connection.isLost();
                }
            }
            return connection.isLost();
        }

        @Override
        public String toString() {
            return "jump host " + jump;
        }
    }
}
