package io.redfleet.gateway.board;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.Verdict;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A cluster in one line.
 *
 * @param reason one sentence on the phase
 * @param summary one sentence on the topology
 * @param master whom the Sentinels name by majority; null while they name nobody or nobody has asked
 * @param up how many of {@code instances} answer
 * @param drift whether its hosts are as its spec says
 * @param driftChanges how many steps would undo the drift that was told; 0 where none was
 * @param observedAt when the monitor last wrote about it; null before that
 */
public record ClusterLine(
        ClusterName name,
        ClusterUid uid,
        long revision,
        Phase phase,
        String reason,
        Map<String, String> labels,
        Verdict.Diagnosis diagnosis,
        String summary,
        @Nullable Endpoint master,
        int instances,
        int up,
        DriftView.State drift,
        int driftChanges,
        @Nullable Instant observedAt) {
    public ClusterLine {
        labels = Map.copyOf(labels);
    }

    /** The clusters that pass, by name. */
    public static List<ClusterLine> list(Board board, Predicate<ClusterState> wanted, Instant now) {
        return board.clusters().values().stream()
                .filter(wanted)
                .sorted(Comparator.comparing(cluster -> cluster.name().value()))
                .map(cluster -> of(cluster, board.health(cluster), DriftView.of(board, cluster, now)))
                .toList();
    }

    static ClusterLine of(ClusterState cluster, Optional<ClusterHealth> health, DriftView drift) {
        Optional<Verdict> verdict = health.map(ClusterHealth::verdict);
        return new ClusterLine(
                cluster.name(),
                cluster.uid(),
                cluster.revision(),
                cluster.phase(),
                cluster.reason(),
                cluster.spec().labels(),
                verdict.map(Verdict::diagnosis).orElse(Verdict.Diagnosis.UNKNOWN),
                verdict.map(Verdict::reason).orElse("Not observed yet"),
                verdict.map(Verdict::master).orElse(null),
                cluster.spec().members().size(),
                up(cluster, health),
                drift.state(),
                drift.changes(),
                health.map(ClusterHealth::at).orElse(null));
    }

    private static int up(ClusterState cluster, Optional<ClusterHealth> health) {
        return health.map(seen -> (int) cluster.spec().members().stream()
                        .map(member -> seen.instances().get(member.id()))
                        .filter(instance -> instance != null && instance.liveness() == Liveness.UP)
                        .count())
                .orElse(0);
    }
}
