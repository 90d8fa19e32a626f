package io.redfleet.bus.ownership;

import io.redfleet.bus.BusSettings;
import java.time.Duration;

/**
 * For how long this process can be sure that nobody else owns what is its own.
 *
 * <p>The group gives a member up once nothing has come from it for a whole session. An answer to a question that was asked
 * at some moment proves that we were members then, so nobody follows us before that moment and a session. Counted from the
 * question, not from the answer, and less a margin: a process that is stopped for long finds its lease over when it wakes,
 * before it has asked anybody anything.
 *
 * <p>Two clocks, because each has its weakness: the monotonic one stands still while a virtual machine is suspended, and
 * the wall clock can be set. Whichever says that time is over is believed. Thread-safe.
 */
final class Lease {
    private static final Duration SPAN = BusSettings.SESSION.minusSeconds(1);

    /** When it was asked, on both clocks. */
    record Asked(long nanos, long wallMillis) {
        static Asked now() {
            return new Asked(System.nanoTime(), System.currentTimeMillis());
        }

        private boolean within(Duration span) {
            long wall = System.currentTimeMillis() - wallMillis;
            return System.nanoTime() - nanos < span.toNanos() && Math.abs(wall) < span.toMillis();
        }
    }

    private volatile Asked confirmed = new Asked(System.nanoTime() - SPAN.toNanos(), 0);

    boolean stands() {
        return confirmed.within(SPAN);
    }

    /** The group has answered, as to a member, a question asked then. */
    void confirmed(Asked asked) {
        confirmed = asked;
    }

    /** We are no member any more. */
    void ended() {
        confirmed = new Asked(System.nanoTime() - SPAN.toNanos(), 0);
    }
}
