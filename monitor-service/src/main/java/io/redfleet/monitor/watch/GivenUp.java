package io.redfleet.monitor.watch;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.WatchSpec.Compat;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.monitrc.RestartLimit;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Whom the restart limit has taken out of monitoring, until somebody monitors it again or says that it is not to be: nobody looks
 * after it, and that is told again and again. Monit tells it once and never again.
 */
final class GivenUp {
    /** So often. */
    static final Duration REMINDS = Duration.ofMinutes(15);

    /** Followed by the instance; its number is when it was last told, in milliseconds of the epoch. */
    private static final String KEY = "given up ";

    private GivenUp() {}

    static void told(Step step, InstanceId id, Instant at) {
        step.number(KEY + id, at.toEpochMilli());
    }

    /** Somebody has looked. */
    static void seen(Step step, InstanceId id) {
        step.forget(KEY + id);
    }

    static void remind(Step step, InstanceWatch instance) {
        InstanceId id = instance.view().id();
        long last = step.counted(KEY + id);
        Instant now = step.now.wall();
        boolean due = last > 0 && !now.isBefore(Instant.ofEpochMilli(last).plus(REMINDS));
        List<RestartLimit> limits = instance.check().rules().service().check().limits();
        if (!due || limits.isEmpty() || step.roster.watch().compat() == Compat.MONIT) {
            return;
        }
        RestartLimit limit = limits.getLast();
        told(step, id, now);
        step.tell(
                id,
                step.count("monitoring " + id),
                new WatchEvent.LimitReached(limit.restarts(), limit.cycles()),
                id + " is still not watched since its restart limit was reached: monitor it, or unmonitor it");
    }
}
