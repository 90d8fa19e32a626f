package io.redfleet.contracts.health;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One instance as the monitor sees it.
 *
 * @param since when the present liveness began
 * @param reason one sentence on the liveness
 * @param runId Redis's own id of this run of the process; empty before the first answer
 * @param monitored false once someone, or the restart limit, ended the judging of this instance
 * @param flips how often the liveness has changed since the cluster is watched; part of event ids
 * @param restarts restart attempts in the open window of the restart limit
 * @param windowCycles cycles since that window opened
 * @param check of its rules; null in a record of a release without rules, and while none has ever failed
 * @param waiting why its rules are not judged at present although it is monitored; empty: they are. Null in a record of a
 *     release without dependence
 * @param attempts of a window that slides: in which of the last 64 judged cycles a restart was attempted, the newest lowest. 0
 *     elsewhere; null in a record of a release in which none slides
 */
public record InstanceHealth(
        Liveness liveness,
        Instant since,
        String reason,
        ReplicationRole role,
        String runId,
        boolean monitored,
        long flips,
        int restarts,
        int windowCycles,
        @Nullable CheckHealth check,
        @Nullable String waiting,
        @Nullable Long attempts) {
    public InstanceHealth {
        waiting = Objects.requireNonNullElse(waiting, "");
        attempts = Objects.requireNonNullElse(attempts, 0L);
    }

    /** 0 in a record of a release in which no window slides. */
    @Override
    public Long attempts() {
        return Objects.requireNonNullElse(attempts, 0L);
    }

    /** Empty in a record of a release without dependence. */
    @Override
    public String waiting() {
        return Objects.requireNonNullElse(waiting, "");
    }

    /** No rule of it has ever failed. */
    public InstanceHealth(
            Liveness liveness,
            Instant since,
            String reason,
            ReplicationRole role,
            String runId,
            boolean monitored,
            long flips,
            int restarts,
            int windowCycles) {
        this(liveness, since, reason, role, runId, monitored, flips, restarts, windowCycles, null, "", 0L);
    }
}
