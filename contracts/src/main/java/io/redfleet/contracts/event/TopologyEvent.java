package io.redfleet.contracts.event;

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
}
