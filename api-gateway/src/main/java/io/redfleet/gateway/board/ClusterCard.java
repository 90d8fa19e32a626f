package io.redfleet.gateway.board;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything known of one cluster.
 *
 * @param health null before the monitor has written about it
 * @param drift whether its hosts are as its spec says
 * @param operation the one that runs or waits; null when none does
 */
public record ClusterCard(
        ClusterName name,
        ClusterUid uid,
        long revision,
        Phase phase,
        String reason,
        Instant since,
        ClusterSpec spec,
        @Nullable ClusterHealth health,
        List<HostFacts> hosts,
        DriftView drift,
        @Nullable OperationId operation,
        boolean stale) {
    public ClusterCard {
        hosts = List.copyOf(hosts);
    }

    public static ClusterCard of(Board board, ClusterState cluster, Instant now) {
        OperationId open = board.operations(cluster).stream()
                .filter(operation -> !operation.status().done())
                .min(java.util.Comparator.comparing(
                        operation -> operation.status() == OperationState.Status.RUNNING ? 0 : 1))
                .map(OperationState::id)
                .orElse(null);
        return new ClusterCard(
                cluster.name(),
                cluster.uid(),
                cluster.revision(),
                cluster.phase(),
                cluster.reason(),
                cluster.since(),
                cluster.spec(),
                board.health(cluster).orElse(null),
                board.hosts(cluster.name()),
                DriftView.of(board, cluster, now),
                open,
                board.stale());
    }
}
