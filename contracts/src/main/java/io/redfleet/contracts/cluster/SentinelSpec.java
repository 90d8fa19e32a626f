package io.redfleet.contracts.cluster;

import java.time.Duration;

/** What every Sentinel of the cluster is told; the names are Sentinel's own. */
public record SentinelSpec(
        String masterName, int quorum, Duration downAfter, Duration failoverTimeout, int parallelSyncs) {}
