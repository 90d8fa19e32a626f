package io.redfleet.monitor.probe;

import io.redfleet.contracts.health.Liveness;
import io.redfleet.monitor.clock.Moment;
import org.jspecify.annotations.Nullable;

/**
 * Whether one instance lives, from its answers alone.
 *
 * <p>A refused connection is a fact and counts at once: the line has reconnected before it says so. Silence and an
 * unreachable address may be a hiccup of ours and count after {@link #MISSES} in a row. An instance that was down and now
 * accepts connections stays down until it has answered, so that every down is followed by an up.
 *
 * @param since when this liveness began
 * @param heard the last answer of any kind; null before the first
 * @param misses silent or unreachable probes in a row
 * @param busy whether the last answer was {@code -BUSY}
 * @param flips how often the liveness has changed
 * @param last what the last probe came to; null before the first
 */
public record Pulse(
        Liveness liveness,
        Moment since,
        String reason,
        @Nullable Moment heard,
        int misses,
        boolean busy,
        long flips,
        @Nullable Reply last) {
    public static final int MISSES = 3;

    /** Not probed by us yet. */
    public Pulse(
            Liveness liveness,
            Moment since,
            String reason,
            @Nullable Moment heard,
            int misses,
            boolean busy,
            long flips) {
        this(liveness, since, reason, heard, misses, busy, flips, null);
    }

    public static Pulse unknown(Moment now) {
        return new Pulse(Liveness.UNKNOWN, now, "not heard from yet", null, 0, false, 0);
    }

    public Pulse after(Reply reply, Moment now) {
        Pulse next = judged(reply, now);
        return new Pulse(next.liveness, next.since, next.reason, next.heard, next.misses, next.busy, next.flips, reply);
    }

    private Pulse judged(Reply reply, Moment now) {
        return switch (reply) {
            case Reply.Pong p -> alive(Liveness.UP, "answers PING", now);
            case Reply.Denied d -> alive(Liveness.UP, "lives, but refuses our credentials: " + d.error(), now);
            case Reply.Defective d -> alive(Liveness.UP, "answers PING with " + d.error(), now);
            case Reply.Loading l -> alive(Liveness.LOADING, "reads its data set into memory", now);
            case Reply.Busy b -> missed(Liveness.HUNG, "answers only BUSY", now, true);
            case Reply.Silent s -> missed(Liveness.HUNG, "accepts connections but answers nothing", now, false);
            case Reply.Refused r ->
                new Pulse(
                        Liveness.DOWN,
                        sinceOf(Liveness.DOWN, now),
                        "refuses connections",
                        heard,
                        0,
                        false,
                        count(Liveness.DOWN));
            case Reply.Unreachable u -> missed(Liveness.UNREACHABLE, "cannot be reached: " + u.cause(), now, false);
            case Reply.Untrusted u -> missed(Liveness.UNREACHABLE, "cannot be trusted: " + u.why(), now, false);
        };
    }

    /** Neither up nor loading nor unknown. */
    public boolean failed() {
        return switch (liveness) {
            case DOWN, HUNG, UNREACHABLE -> true;
            case UNKNOWN, UP, LOADING -> false;
        };
    }

    /** The same, but what comes next has a higher number than this. */
    public Pulse numbered(long atLeast) {
        return new Pulse(liveness, since, reason, heard, misses, busy, Math.max(flips, atLeast), last);
    }

    private Pulse alive(Liveness next, String why, Moment now) {
        return new Pulse(next, sinceOf(next, now), why, now, 0, false, count(next));
    }

    private Pulse missed(Liveness next, String why, Moment now, boolean nowBusy) {
        int missed = misses + 1;
        Moment lastHeard = nowBusy ? now : heard;
        boolean gone = liveness == Liveness.DOWN || liveness == Liveness.UNREACHABLE;
        if (missed < MISSES || gone) {
            return new Pulse(liveness, since, reason, lastHeard, Math.min(missed, MISSES), nowBusy, flips);
        }
        return new Pulse(next, sinceOf(next, now), why, lastHeard, MISSES, nowBusy, count(next));
    }

    private Moment sinceOf(Liveness next, Moment now) {
        return next == liveness ? since : now;
    }

    private long count(Liveness next) {
        return next == liveness ? flips : flips + 1;
    }
}
