package io.redfleet.contracts.health;

import io.redfleet.contracts.wire.Actor;
import java.time.Instant;

/**
 * Whether Redfleet may act on its own: the record of the {@code health} topic under {@link
 * io.redfleet.contracts.cluster.ClusterName#FLEET}.
 *
 * @param count how often the brake has changed; part of event ids
 */
public record FleetBrake(int schema, boolean disarmed, String reason, Actor actor, Instant since, long count) {
    public static final int SCHEMA = 1;

    /** The header with the ids of the newest orders that the record includes, parted by spaces; for monitors alone. */
    public static final String ORDERS_HEADER = "redfleet-orders";
}
