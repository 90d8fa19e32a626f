package io.redfleet.bus.backup;

import io.redfleet.bus.codec.Codec;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.health.InstanceHealth;
import io.redfleet.contracts.health.LabelBrakes;
import io.redfleet.contracts.health.Term;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What has to be said differently on another Kafka cluster than the one that was backed up.
 *
 * <p>Offsets mean nothing there. And what happened after the backup is not on its events, so the counters in the ids of
 * events would count it again: the ids of new facts would be those of facts that the audit trail knows already, and would
 * be taken for repeats. They are moved on by more than a cluster can have had since. On the same Kafka cluster nothing is
 * changed: there the monitor folds in its own later events.
 */
final class Elsewhere {
    /** Thirty flips a second for nine hours. */
    static final long AHEAD = 1_000_000;

    /** Epochs, which Sentinel counts and not we: the monitor's names for them begin so. */
    private static final String SENTINELS_OWN = "failover ";

    private Elsewhere() {}

    /** A record of the health topic; one that nobody can read stays as it is. */
    static KeptRecord told(KeptRecord record) {
        try {
            byte[] moved = record.key().equals(ClusterName.FLEET.value())
                    ? Codec.bytes(moved(Codec.read(record.bytes(), FleetBrake.class)))
                    : Codec.bytes(moved(Codec.read(record.bytes(), ClusterHealth.class)));
            return new KeptRecord(
                    record.key(), record.headers(), Base64.getEncoder().encodeToString(moved));
        } catch (Unreadable e) {
            return record;
        }
    }

    private static FleetBrake moved(FleetBrake brake) {
        LabelBrakes labelled = brake.labelled();
        return new FleetBrake(
                brake.schema(),
                brake.disarmed(),
                brake.reason(),
                brake.actor(),
                brake.since(),
                brake.count() + AHEAD,
                new LabelBrakes(labelled.count() + AHEAD, labelled.brakes()));
    }

    /** Without the position of its last event, and without whatever else holds on one Kafka cluster only. */
    private static ClusterHealth moved(ClusterHealth health) {
        Map<InstanceId, InstanceHealth> instances = new LinkedHashMap<>();
        health.instances().forEach((id, instance) -> instances.put(id, moved(instance)));
        Map<String, Long> counters = new LinkedHashMap<>();
        health.counters()
                .forEach((name, count) ->
                        counters.put(name, name.startsWith(SENTINELS_OWN) ? count : Long.valueOf(count + AHEAD)));
        return new ClusterHealth(
                health.schema(),
                health.cluster(),
                health.uid(),
                health.at(),
                health.verdict(),
                instances,
                health.conditions(),
                counters,
                null,
                Term.NONE,
                health.hosts(),
                health.failovers());
    }

    private static InstanceHealth moved(InstanceHealth health) {
        return new InstanceHealth(
                health.liveness(),
                health.since(),
                health.reason(),
                health.role(),
                health.runId(),
                health.monitored(),
                health.flips() + AHEAD,
                health.restarts(),
                health.windowCycles(),
                health.check(),
                health.waiting(),
                health.attempts());
    }
}
