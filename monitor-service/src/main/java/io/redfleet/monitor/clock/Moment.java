package io.redfleet.monitor.clock;

import java.time.Duration;
import java.time.Instant;

/**
 * One reading of both clocks. {@code wall} labels for people and events; only {@code ticks} is ever subtracted.
 *
 * @param ticks nanoseconds of a monotonic clock of this process
 */
public record Moment(Instant wall, long ticks) {
    /** The ticks of two such spans still fit beside each other. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    public Duration since(Moment earlier) {
        return Duration.ofNanos(ticks - earlier.ticks);
    }

    public long millisSince(Moment earlier) {
        return since(earlier).toMillis();
    }

    public boolean atLeast(Duration span, Moment earlier) {
        return since(earlier).compareTo(span) >= 0;
    }

    public Moment plus(Duration span) {
        return new Moment(wall.plus(span), ticks + span.toNanos());
    }

    public boolean isBefore(Moment other) {
        return ticks < other.ticks;
    }

    /**
     * Where a remembered wall time lies on our ticks, as well as the wall clock can be believed; never in the future, and not
     * so long ago that the ticks would not reach: whatever a record says, it can be asked how long ago that was.
     */
    public Moment at(Instant remembered) {
        Duration ago = Duration.between(remembered, wall);
        Duration counted = ago.compareTo(LONGEST) > 0 ? LONGEST : ago;
        return ago.isNegative() ? this : new Moment(remembered, ticks - counted.toNanos());
    }
}
