package io.redfleet.monitor.clock;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whether time can be trusted, as Sentinel means tilt (sentinel.c sentinelCheckTiltCondition): if a tick comes more than
 * two seconds late, or the wall clock moved differently from the monotonic one, we were stopped or the clock was set, and
 * silence of others may be our own. Until it has been quiet for {@link #QUIET}, nothing is raised.
 *
 * @param last the last tick
 * @param entered when this tilt began; null outside of tilt
 * @param trouble the last time that a tick was wrong; null outside of tilt
 */
public record Tilt(
        Moment last, @Nullable Moment entered, @Nullable Moment trouble) {
    public static final Duration TRIGGER = Duration.ofSeconds(2);
    public static final Duration QUIET = Duration.ofSeconds(30);

    /** What a tick changed. */
    public sealed interface Change {}

    public record Unchanged() implements Change {}

    public record Entered(String cause) implements Change {}

    public record Left(Duration lasted) implements Change {}

    public record Ticked(Tilt tilt, Change change) {}

    public static Tilt started(Moment now) {
        return new Tilt(now, null, null);
    }

    public boolean active() {
        return entered != null;
    }

    /** Whether a tick at this moment would be too late. */
    public boolean overdue(Moment now, Duration period) {
        return now.since(last).minus(period).compareTo(TRIGGER) > 0;
    }

    /** @param period how far apart ticks are meant to be */
    public Ticked tick(Moment now, Duration period) {
        String cause = fault(now, period);
        if (!cause.isEmpty()) {
            Moment since = entered == null ? now : entered;
            Change change = entered == null ? new Entered(cause) : new Unchanged();
            return new Ticked(new Tilt(now, since, now), change);
        }
        if (entered != null && trouble != null && now.atLeast(QUIET, trouble)) {
            return new Ticked(started(now), new Left(now.since(entered)));
        }
        return new Ticked(new Tilt(now, entered, trouble), new Unchanged());
    }

    private String fault(Moment now, Duration period) {
        Duration passed = now.since(last);
        Duration late = passed.minus(period);
        if (late.compareTo(TRIGGER) > 0) {
            return "a tick came " + late.toMillis() + " ms late";
        }
        Duration jump = Duration.between(last.wall(), now.wall()).minus(passed);
        if (jump.abs().compareTo(TRIGGER) > 0) {
            return "the wall clock jumped by " + jump.toMillis() + " ms";
        }
        return "";
    }
}
