package io.redfleet.contracts.event;

import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.ReplicationRole;
import io.redfleet.contracts.wire.ServiceName;

/** What became of one redis-server or redis-sentinel process, as the probes saw it. */
public sealed interface InstanceEvent extends Event {
    /**
     * Nothing listens there any more, or nothing can be reached.
     *
     * @param liveness DOWN (refused) or UNREACHABLE
     * @param runId of the run that was heard last; empty if none ever was
     */
    @EventType(value = "instance.down", writer = ServiceName.MONITOR)
    record Down(Liveness liveness, ReplicationRole lastRole, String runId) implements InstanceEvent {}

    /**
     * It answers again, or for the first time.
     *
     * @param downMillis how long it was gone, by our clock; -1 when it was never seen before
     */
    @EventType(value = "instance.up", writer = ServiceName.MONITOR)
    record Up(String runId, long downMillis) implements InstanceEvent {}

    /** It accepts connections and does not answer in time. */
    @EventType(value = "instance.hung", writer = ServiceName.MONITOR)
    record Hung(ReplicationRole lastRole, String runId, long silentMillis) implements InstanceEvent {}

    /** The opposite of {@link Hung}. */
    @EventType(value = "instance.responding", writer = ServiceName.MONITOR)
    record Responding(String runId, long hungMillis) implements InstanceEvent {}

    /**
     * It reads its data set into memory and answers nothing else until then.
     *
     * @param etaSeconds Redis's own estimate; -1 when it gave none
     */
    @EventType(value = "instance.loading", writer = ServiceName.MONITOR)
    record Loading(long etaSeconds) implements InstanceEvent {}

    /** The opposite of {@link Loading}. */
    @EventType(value = "instance.ready", writer = ServiceName.MONITOR)
    record Ready(long loadedMillis) implements InstanceEvent {}

    /** Another run of the process answers: seen by its run id, whoever restarted it. */
    @EventType(value = "instance.restarted", writer = ServiceName.MONITOR)
    record Restarted(String runIdBefore, String runIdAfter, long uptimeSeconds) implements InstanceEvent {}

    @EventType(value = "instance.roleChanged", writer = ServiceName.MONITOR)
    record RoleChanged(ReplicationRole before, ReplicationRole after) implements InstanceEvent {}
}
