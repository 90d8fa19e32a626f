package io.redfleet.monitrc;

import java.time.Duration;
import java.util.List;

/** What a rule looks at. It fails when what it says is so. */
public sealed interface Test {
    /** {@code if does not exist}. */
    record Absent() implements Test {}

    /** {@code if exist}. */
    record Present() implements Test {}

    /**
     * A TCP connection.
     *
     * @param host empty: the service's own
     * @param timeout for the connection, and again for each answer
     * @param tries within one cycle, without a pause; 1: no second one
     */
    record Connection(String host, int port, Protocol protocol, Duration timeout, int tries) implements Test {
        public static final Duration TIMEOUT = Duration.ofSeconds(5);
    }

    /** ICMP echo. */
    record Ping(int count, Duration timeout) implements Test {}

    /** The process is another one than in the cycle before. */
    record PidChanged() implements Test {}

    record ParentChanged() implements Test {}

    record Uptime(Comparison comparison, Duration limit) implements Test {}

    /** @param limit in the unit of the metric: percent, bytes, or a plain number */
    record Resource(Metric metric, Comparison comparison, double limit, Unit unit) implements Test {}

    /** The exit status of a program. */
    record Status(Comparison comparison, int limit) implements Test {}

    /** What is said once connected. */
    sealed interface Protocol {
        /** Nothing: a handshake is enough, and a process that is stopped still makes one. */
        record None() implements Protocol {}

        /** PING, answered. */
        record Redis() implements Protocol {}

        /** What is sent and what is waited for, in turns. */
        record Dialogue(List<Line> lines) implements Protocol {
            public Dialogue {
                lines = List.copyOf(lines);
            }
        }
    }

    /** @param pattern of what is waited for; of what is sent the text itself, with its escapes */
    record Line(boolean sent, String pattern) {}
}
