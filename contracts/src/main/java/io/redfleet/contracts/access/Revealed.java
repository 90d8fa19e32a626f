package io.redfleet.contracts.access;

import io.redfleet.contracts.cluster.ClusterUid;

/**
 * The body of the answer to {@code Request.Reveal}: the password never lies open on the bus.
 *
 * @param sealed for the gateway, and for the occasion that the order named
 */
public record Revealed(ClusterUid uid, Purpose purpose, Sealed sealed) {}
