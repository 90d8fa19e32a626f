package io.redfleet.contracts.event;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.wire.ServiceName;

/** One change of master, step by step; {@code correlation} is its id. */
public sealed interface FailoverEvent extends Event {
    @EventType(value = "failover.started", writer = ServiceName.MONITOR)
    record Started(int epoch, Endpoint oldMaster) implements FailoverEvent {}

    @EventType(value = "failover.leaderElected", writer = ServiceName.MONITOR)
    record LeaderElected(int epoch, InstanceId leader) implements FailoverEvent {}

    @EventType(value = "failover.replicaSelected", writer = ServiceName.MONITOR)
    record ReplicaSelected(int epoch, Endpoint replica) implements FailoverEvent {}

    /** The leader saw the replica call itself master: the earliest moment at which it takes writes. */
    @EventType(value = "failover.promoted", writer = ServiceName.MONITOR)
    record Promoted(int epoch, Endpoint replica) implements FailoverEvent {}

    /**
     * The first Sentinel hands out the new address.
     *
     * @param inferred nobody heard it published; told from the Sentinels' state
     */
    @EventType(value = "failover.switched", writer = ServiceName.MONITOR)
    record Switched(int epoch, Endpoint oldMaster, Endpoint newMaster, boolean inferred) implements FailoverEvent {}

    /** Every witness and every node agree. */
    @EventType(value = "failover.completed", writer = ServiceName.MONITOR)
    record Completed(FailoverReport report) implements FailoverEvent {}

    @EventType(value = "failover.aborted", writer = ServiceName.MONITOR)
    record Aborted(int epoch, String cause) implements FailoverEvent {}
}
