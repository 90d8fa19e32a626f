package io.redfleet.contracts.event;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.wire.ServiceName;
import java.util.List;
import java.util.Map;

/** Who follows whom, and whether a failover could work. */
public sealed interface TopologyEvent extends Event {
    @EventType(value = "topology.splitBrain", writer = ServiceName.MONITOR)
    record SplitBrain(List<InstanceId> masters) implements TopologyEvent {}

    /** The opposite of {@link SplitBrain}. */
    @EventType(value = "topology.healed", writer = ServiceName.MONITOR)
    record Healed(InstanceId master) implements TopologyEvent {}

    @EventType(value = "topology.quorumLost", writer = ServiceName.MONITOR)
    record QuorumLost(int usable, int quorum, int known) implements TopologyEvent {}

    @EventType(value = "topology.quorumRestored", writer = ServiceName.MONITOR)
    record QuorumRestored(int usable, int quorum, int known) implements TopologyEvent {}

    @EventType(value = "topology.sentinelsDisagree", writer = ServiceName.MONITOR)
    record SentinelsDisagree(Map<InstanceId, String> views) implements TopologyEvent {}

    @EventType(value = "topology.sentinelsAgree", writer = ServiceName.MONITOR)
    record SentinelsAgree(Endpoint master) implements TopologyEvent {}

    /** The replica has no link to the master that the Sentinels name. */
    @EventType(value = "topology.replicaBroken", writer = ServiceName.MONITOR)
    record ReplicaBroken(String link) implements TopologyEvent {}

    @EventType(value = "topology.replicaRestored", writer = ServiceName.MONITOR)
    record ReplicaRestored(long brokenMillis) implements TopologyEvent {}

    /**
     * The address of a data node belongs to two clusters at once: the one that this is told of, and another.
     *
     * @param endpoint as both have it
     * @param other the cluster whose spec has it, too
     * @param listedBy the Sentinels of this cluster, whose spec does not have it, that list it as master or replica; empty: both
     *     specs have it
     */
    @EventType(value = "topology.conflict", writer = ServiceName.MONITOR)
    record Conflict(Endpoint endpoint, ClusterName other, List<InstanceId> listedBy) implements TopologyEvent {}

    /** The opposite of {@link Conflict}. */
    @EventType(value = "topology.conflictEnded", writer = ServiceName.MONITOR)
    record ConflictEnded(Endpoint endpoint, ClusterName other, long lastedMillis) implements TopologyEvent {}
}
