package io.redfleet.contracts.cluster;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What every Sentinel of the cluster is told; the names are Sentinel's own.
 *
 * @param group whose the Sentinels are, where several clusters are watched by the same ones; missing in records of before, and null
 *     where they are the cluster's own
 */
public record SentinelSpec(
        String masterName,
        int quorum,
        Duration downAfter,
        Duration failoverTimeout,
        int parallelSyncs,
        @Nullable String group) {
    /** Of a cluster that has Sentinels of its own. */
    public SentinelSpec(
            String masterName, int quorum, Duration downAfter, Duration failoverTimeout, int parallelSyncs) {
        this(masterName, quorum, downAfter, failoverTimeout, parallelSyncs, null);
    }

    /** The group that an instance of that role belongs to; empty: it is the cluster's own. */
    public Optional<String> groupOf(InstanceRole role) {
        return role == InstanceRole.SENTINEL ? Optional.ofNullable(group) : Optional.empty();
    }
}
