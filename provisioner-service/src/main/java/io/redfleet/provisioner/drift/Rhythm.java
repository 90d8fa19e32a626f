package io.redfleet.provisioner.drift;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Drift;
import java.time.Duration;
import java.time.Instant;

/**
 * When a cluster is looked at: once in each of its turns, which are as long as {@code every} and begin at a moment that
 * follows from the cluster's uid. So a fleet is not looked at at once, and an owner that takes clusters over does not begin
 * with all of them.
 */
public record Rhythm(Duration every) {
    /** What was seen in passing is gone by then. */
    private static final Duration AGAIN = Duration.ofMinutes(1);

    /**
     * @param at when this process looked last, or met the cluster
     * @param suspects whether that look showed a difference that was not told yet
     */
    public record Looked(Instant at, boolean suspects) {}

    public boolean due(ClusterState cluster, Looked last, Instant now) {
        if (last.suspects()) {
            Duration again = every.compareTo(AGAIN) < 0 ? every : AGAIN;
            return !now.isBefore(last.at().plus(again));
        }
        Drift drift = cluster.drift();
        // Somebody has worked on it, most likely to make an end of what was told.
        boolean mended = drift != null && drift.stands() && cluster.since().isAfter(last.at());
        return mended || turn(cluster.uid(), now) != turn(cluster.uid(), last.at());
    }

    private long turn(ClusterUid uid, Instant at) {
        long begins = Math.floorMod((long) uid.value().hashCode(), every.toMillis());
        return Math.floorDiv(at.toEpochMilli() + begins, every.toMillis());
    }
}
