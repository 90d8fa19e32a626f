package io.redfleet.bench;

/** When one instance was probed: each PING that reached it, by {@link System#nanoTime()}. Thread-safe. */
final class Probes {
    private long last; // guarded by this; 0 before the first
    private long longest; // guarded by this

    synchronized void probed(long nanos) {
        if (last != 0) {
            longest = Math.max(longest, nanos - last);
        }
        last = nanos;
    }

    /** From here on {@link #longestGap()} is about what comes; the gap under way counts from its beginning. */
    synchronized void forget() {
        longest = 0;
    }

    /** The longest time between two probes, in nanoseconds; 0 before there were two. */
    synchronized long longestGap() {
        return longest;
    }

    synchronized boolean probedSince(long nanos) {
        return last != 0 && last - nanos > 0;
    }
}
