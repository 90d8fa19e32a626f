package io.redfleet.gateway.board;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** A cluster whose hosts differ from its spec, by what was told last. */
public record Drifted(ClusterName cluster, DriftView drift) {
    /** Of the clusters that pass, by name. */
    static List<Drifted> list(Board board, Predicate<ClusterState> wanted, Instant now) {
        return board.clusters().values().stream()
                .filter(wanted)
                .sorted(Comparator.comparing(cluster -> cluster.name().value()))
                .map(cluster -> new Drifted(cluster.name(), DriftView.of(board, cluster, now)))
                .filter(one -> one.drift().state() == DriftView.State.FOUND)
                .toList();
    }
}
