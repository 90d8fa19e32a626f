package io.redfleet.contracts.health;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import org.jspecify.annotations.Nullable;

/**
 * A failover that was told to have begun, and of which neither a switch nor an end was told. Whoever watches next tells that,
 * under the same id.
 *
 * @param id the correlation of its events
 * @param oldMaster who is to be replaced
 * @param leader the Sentinel that leads it; null before one is elected
 */
public record BegunFailover(
        String id, int epoch, Endpoint oldMaster, @Nullable InstanceId leader) {}
