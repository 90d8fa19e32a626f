package io.redfleet.gateway.board;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.InstanceHealth;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.ReplicationRole;
import io.redfleet.contracts.health.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who is what in a cluster, in the order of its spec.
 *
 * @param verdict null before the monitor has judged
 */
public record Topology(ClusterName cluster, @Nullable Verdict verdict, List<Node> nodes, boolean stale) {
    public Topology {
        nodes = List.copyOf(nodes);
    }

    /**
     * One instance.
     *
     * @param kind which program it is
     * @param role what it says it is
     * @param since when the present liveness began; null before the first probe
     */
    public record Node(
            InstanceId id,
            InstanceRole kind,
            ReplicationRole role,
            Liveness liveness,
            Endpoint address,
            @Nullable Instant since,
            String reason,
            boolean monitored) {}

    public static Topology of(Board board, ClusterState cluster) {
        Optional<ClusterHealth> health = board.health(cluster);
        List<Node> nodes = cluster.spec().members().stream()
                .map(member -> node(member, health))
                .toList();
        return new Topology(cluster.name(), health.map(ClusterHealth::verdict).orElse(null), nodes, board.stale());
    }

    static Node node(Member member, Optional<ClusterHealth> health) {
        InstanceHealth seen =
                health.map(found -> found.instances().get(member.id())).orElse(null);
        if (seen == null) {
            ReplicationRole role =
                    member.role() == InstanceRole.SENTINEL ? ReplicationRole.SENTINEL : ReplicationRole.UNKNOWN;
            return new Node(
                    member.id(),
                    member.role(),
                    role,
                    Liveness.UNKNOWN,
                    member.announce(),
                    null,
                    "Not observed yet",
                    true);
        }
        return new Node(
                member.id(),
                member.role(),
                seen.role(),
                seen.liveness(),
                member.announce(),
                seen.since(),
                seen.reason(),
                seen.monitored());
    }
}
