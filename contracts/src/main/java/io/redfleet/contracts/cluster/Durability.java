package io.redfleet.contracts.cluster;

import java.time.Duration;

/** When a master refuses writes: fewer than {@code minReplicasToWrite} replicas acknowledged within {@code maxLag}. */
public record Durability(int minReplicasToWrite, Duration maxLag) {}
