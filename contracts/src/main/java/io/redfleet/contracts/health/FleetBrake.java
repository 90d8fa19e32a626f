package io.redfleet.contracts.health;

import io.redfleet.contracts.wire.Actor;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether Redfleet may act on its own: the record of the {@code health} topic under {@link
 * io.redfleet.contracts.cluster.ClusterName#FLEET}.
 *
 * @param disarmed whether it may nowhere; if not, it may wherever no label is disarmed
 * @param count how often the fleet's own brake has changed; part of event ids
 * @param labelled the brakes by label; missing in records of before there were any: none is on
 */
public record FleetBrake(
        int schema,
        boolean disarmed,
        String reason,
        Actor actor,
        Instant since,
        long count,
        @Nullable LabelBrakes labelled) {
    public static final int SCHEMA = 1;

    /** The header with the ids of the newest orders that the record includes, parted by spaces; for monitors alone. */
    public static final String ORDERS_HEADER = "redfleet-orders";

    public FleetBrake {
        labelled = labelled == null ? LabelBrakes.NONE : labelled;
    }

    /** One without brakes by label. */
    public FleetBrake(int schema, boolean disarmed, String reason, Actor actor, Instant since, long count) {
        this(schema, disarmed, reason, actor, since, count, LabelBrakes.NONE);
    }

    /** Never null, whatever the record lacked. */
    @Override
    public LabelBrakes labelled() {
        return labelled == null ? LabelBrakes.NONE : labelled;
    }

    /** The same for the fleet, with other brakes by label. */
    public FleetBrake with(LabelBrakes other) {
        return new FleetBrake(schema, disarmed, reason, actor, since, count, other);
    }
}
