package io.redfleet.monitor.check;

import io.redfleet.monitrc.Tolerance;
import java.time.Instant;

/**
 * What the last results of one rule amount to (Monit manual, Fault tolerance; event.c, Event_post).
 *
 * <p>It begins with the first failure: what passed before that is not remembered. Results count by their bits, the newest
 * lowest. When enough of the last ones say the opposite of what stands, it flips, and all bits become the new result: the
 * way back needs its full number of fresh results.
 *
 * @param bits 1: failed. Results of cycles in which the rule was not judged are not among them
 * @param count results since the last flip, that one included; reminders and repeats go by it
 * @param since when the present row of equal results began
 */
public record Tally(State state, long bits, int count, Instant since) {
    public static final Tally NEW = new Tally(State.UNSEEN, 0, 0, Instant.EPOCH);

    /** Where a rule stands. */
    public enum State {
        /** Never failed. */
        UNSEEN,
        /** Failed, but never yet often enough. */
        PENDING,
        FAILED,
        PASSED
    }

    /** What a result did. */
    public enum Effect {
        NONE,
        /** A failure that is not enough. */
        PENDING,
        FAILED,
        /** Once more, with what was failed already. */
        STILL_FAILED,
        PASSED
    }

    /** @param effect of the result that led to {@code next} */
    public record Posted(Tally next, Effect effect) {}

    /**
     * One more result.
     *
     * @param needed how much of it is needed to flip: what the rule says of failures for a failure, and of successes otherwise
     */
    public Posted post(boolean failed, Tolerance needed, Instant now) {
        if (state == State.UNSEEN && !failed) {
            return new Posted(this, Effect.NONE);
        }
        long shifted = state == State.UNSEEN ? 1 : bits << 1 | (failed ? 1 : 0);
        Instant from = state != State.UNSEEN && failed == lastFailed() ? since : now;
        State said = failed ? State.FAILED : State.PASSED;
        // Only failures can make something of what has never failed often enough.
        boolean opposite = state != said && (failed || state == State.FAILED);
        if (opposite && enough(shifted, failed, needed, from, now)) {
            return new Posted(new Tally(said, failed ? -1 : 0, 1, from), failed ? Effect.FAILED : Effect.PASSED);
        }
        State kept = state == State.UNSEEN ? State.PENDING : state;
        return new Posted(new Tally(kept, shifted, count + 1, from), unflipped(kept, failed));
    }

    /**
     * One look at something that may have changed since the last one. Each change counts anew; that there was none is a success.
     *
     * @param needed as of {@link #post}
     */
    public Posted change(boolean changed, Tolerance needed, Instant now) {
        if (!changed) {
            return post(false, needed, now);
        }
        long shifted = state == State.UNSEEN ? 1 : bits << 1 | 1;
        return enough(shifted, true, needed, now, now)
                ? new Posted(new Tally(State.FAILED, -1, 1, now), Effect.FAILED)
                : new Posted(new Tally(State.PENDING, shifted, count + 1, now), Effect.PENDING);
    }

    public boolean failed() {
        return state == State.FAILED;
    }

    private boolean lastFailed() {
        return (bits & 1) == 1;
    }

    private static Effect unflipped(State kept, boolean failed) {
        if (!failed) {
            return Effect.NONE;
        }
        return switch (kept) {
            case FAILED -> Effect.STILL_FAILED;
            case PENDING -> Effect.PENDING;
            case UNSEEN, PASSED -> Effect.NONE;
        };
    }

    private static boolean enough(long bits, boolean failed, Tolerance needed, Instant from, Instant now) {
        if (needed.isDuration()) {
            return !from.plus(needed.lasting()).isAfter(now);
        }
        long looked = needed.cycles() == Tolerance.CYCLES_MAX ? -1 : (1L << needed.cycles()) - 1;
        long said = failed ? bits & looked : ~bits & looked;
        return Long.bitCount(said) >= needed.count();
    }
}
