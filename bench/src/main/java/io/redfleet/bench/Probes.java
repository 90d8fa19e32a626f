package io.redfleet.bench;

import java.util.ArrayList;
import java.util.List;

/** When one instance was probed: each PING that reached it, by {@link System#nanoTime()}. Thread-safe. */
final class Probes {
    private long last; // guarded by this; 0 before the first
    private long longest; // guarded by this
    private long count; // guarded by this
    private final List<Long> gaps = new ArrayList<>(); // guarded by this
    private boolean keeping; // guarded by this

    synchronized void probed(long nanos) {
        if (last != 0) {
            longest = Math.max(longest, nanos - last);
            if (keeping) {
                gaps.add(nanos - last);
            }
        }
        last = nanos;
        count++;
    }

    /** From here on every gap is kept, until {@link #kept()}; the one under way counts from its beginning. */
    synchronized void keep() {
        gaps.clear();
        keeping = true;
    }

    /** The gaps since {@link #keep()}, in nanoseconds. */
    synchronized List<Long> kept() {
        keeping = false;
        return List.copyOf(gaps);
    }

    synchronized long count() {
        return count;
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
