package io.redfleet.monitor.topology;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.ReplicationRole;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.probe.Pulse;
import io.redfleet.monitor.probe.Standing;
import org.jspecify.annotations.Nullable;

/**
 * One instance as the topology sees it.
 *
 * @param standing what it said of itself last
 * @param standingAt when; null before the first ROLE
 * @param replicaOffset the offset it had when it last called itself a replica; -1 when it never did
 */
public record NodeView(
        Member member,
        Pulse pulse,
        Standing standing,
        @Nullable Moment standingAt,
        long replicaOffset) {
    public static NodeView unknown(Member member, Moment now) {
        return new NodeView(member, Pulse.unknown(now), Standing.UNKNOWN, null, -1);
    }

    public InstanceId id() {
        return member.id();
    }

    public boolean up() {
        return pulse.liveness() == Liveness.UP;
    }

    /** Alive and calling itself master. */
    public boolean actsAsMaster() {
        return up() && standing.role() == ReplicationRole.MASTER;
    }

    public boolean actsAsReplica() {
        return up() && standing.role() == ReplicationRole.REPLICA;
    }

    /** The same instance, of which a spec says something else. */
    public NodeView of(Member next) {
        return new NodeView(next, pulse, standing, standingAt, replicaOffset);
    }

    public NodeView with(Pulse next) {
        return new NodeView(member, next, standing, standingAt, replicaOffset);
    }

    /** What it is known to have said once; nothing that was seen now. */
    public NodeView remembered(Standing said) {
        return new NodeView(member, pulse, said, null, replicaOffset);
    }

    public NodeView with(Standing next, Moment now) {
        // A replica without a link gives -1; what it had received before still stands.
        boolean known = next.role() == ReplicationRole.REPLICA && next.offset() >= 0;
        long asReplica = known ? next.offset() : replicaOffset;
        return new NodeView(member, pulse, next, now, asReplica);
    }
}
