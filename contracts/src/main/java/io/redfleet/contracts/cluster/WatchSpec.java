package io.redfleet.contracts.cluster;

import java.time.Duration;

/**
 * How the cluster is watched.
 *
 * @param probe the time between two PINGs of an instance
 * @param cycle how often rules are judged, as Monit means a cycle
 */
public record WatchSpec(WatchMode mode, Duration probe, Duration cycle) {}
