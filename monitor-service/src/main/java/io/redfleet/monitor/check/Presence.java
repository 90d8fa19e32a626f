package io.redfleet.monitor.check;

import java.time.Duration;

/** Whether a process is there. */
public sealed interface Presence {
    Presence UNKNOWN = new Unknown();
    Presence ABSENT = new Absent();

    /**
     * @param pid 0 where it answers but nobody has seen its number
     * @param parent 0 if unknown
     * @param uptime negative if unknown
     * @param zombie it has ended and nobody has asked how
     */
    record Present(long pid, long parent, Duration uptime, boolean zombie) implements Presence {}

    /** Looked for, and not found. */
    record Absent() implements Presence {}

    /** Nobody has looked: nothing follows from that. */
    record Unknown() implements Presence {}
}
