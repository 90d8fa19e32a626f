package io.redfleet.provisioner.recipe;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.Place;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long the end of an instance is waited for. A data node waits for its replicas and then saves, and nobody ends it meanwhile:
 * what a deadline that is too short costs is an order that fails, or a host that goes down under a save.
 */
public final class StopDeadline {
    /** Of a data node of which nobody says how big it gets. */
    static final Duration USUAL = Duration.ofMinutes(5);

    /** No deadline: what it stands in says {@code infinity}. */
    static final Duration ENDLESS = Duration.ofSeconds(Long.MAX_VALUE);

    private static final Duration SENTINEL = Duration.ofMinutes(1);
    /** One that hangs would keep its host from going down for so long. */
    private static final Duration MOST = Duration.ofHours(2);
    /** What Redis waits for its replicas, where nothing is said. */
    private static final int SHUTDOWN_TIMEOUT = 10;
    /** Of what takes long: a disk is slower while a host goes down. */
    private static final int TIMES = 3;

    private static final long BYTES_PER_SECOND = 100_000_000;

    private StopDeadline() {}

    /**
     * What stands in its unit or script, by what the spec lets it grow to: one that followed each save would be another at each
     * look. In doublings, so that it stays the same for most changes of {@code maxmemory}. In a unit that is its builder's what was
     * taken over may be of any size where the spec names none: there it has no deadline.
     */
    public static Duration written(ClusterSpec spec, Place place) {
        if (!place.isRedis()) {
            return SENTINEL;
        }
        long grows = Setting.memory(spec.redis().config().getOrDefault("maxmemory", ""));
        if (grows <= 0 && place.vendorUnit().isPresent()) {
            return ENDLESS;
        }
        Duration needed = needed(spec.redis().config().get("shutdown-timeout"), grows / BYTES_PER_SECOND);
        Duration written = USUAL;
        while (written.compareTo(needed) < 0) {
            written = written.multipliedBy(2);
        }
        return written.compareTo(MOST) < 0 ? written : MOST;
    }

    /**
     * What an order waits: longer than it would, if the instance itself says that it may take longer.
     *
     * @param least the order's own
     */
    public static Duration waited(Duration least, InstanceSurvey seen) {
        long last = number(seen.info("rdb_last_bgsave_time_sec"));
        long whole = number(seen.info("used_memory")) / BYTES_PER_SECOND;
        Duration needed = needed(seen.setting("shutdown-timeout"), Math.max(last, whole));
        Duration bounded = needed.compareTo(MOST) < 0 ? needed : MOST;
        // One that does not answer says nothing, and is not waited for any longer.
        return Math.max(last, whole) > 0 && bounded.compareTo(least) > 0 ? bounded : least;
    }

    private static Duration needed(@Nullable String shutdownTimeout, long save) {
        long waits = shutdownTimeout == null ? SHUTDOWN_TIMEOUT : number(shutdownTimeout);
        return Duration.ofSeconds(waits + TIMES * Math.min(save, MOST.toSeconds()));
    }

    /** 0 where none is said, or one that is none: -1 stands for no save yet. */
    private static long number(String said) {
        return said.matches("\\d{1,15}") ? Long.parseLong(said) : 0;
    }
}
