package io.redfleet.monitor.topology;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.health.Verdict;
import io.redfleet.contracts.health.Verdict.Diagnosis;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One word for a cluster: the worst that holds, in the order below. */
public final class Judge {
    private Judge() {}

    private record Opinion(Diagnosis diagnosis, String reason) {}

    /**
     * @param before the last verdict: {@code since} and, while nobody names a master, its address stay
     * @param failingOver whether Sentinel is changing masters
     */
    public static Verdict judge(Snapshot snapshot, Conditions conditions, boolean failingOver, Verdict before) {
        Optional<Snapshot.Named> named = snapshot.named();
        Opinion finding = find(
                snapshot,
                conditions,
                failingOver,
                named.map(Snapshot.Named::master).orElse(null));
        boolean same = finding.diagnosis() == before.diagnosis();
        return new Verdict(
                finding.diagnosis(),
                finding.reason(),
                same ? before.since() : snapshot.now().wall(),
                named.map(Snapshot.Named::master).orElse(null),
                named.map(Snapshot.Named::epoch).orElse(before.configEpoch()));
    }

    private static Opinion find(
            Snapshot snapshot, Conditions conditions, boolean failingOver, @Nullable Endpoint named) {
        if (conditions.told(Finding.SplitBrain.KEY)) {
            return new Opinion(Diagnosis.SPLIT_BRAIN, "two nodes call themselves master: " + ids(snapshot.masters()));
        }
        if (failingOver) {
            return new Opinion(Diagnosis.FAILING_OVER, "Sentinel is changing masters");
        }
        Optional<NodeView> master = snapshot.at(named);
        boolean silent = master.filter(node -> node.pulse().failed()).isPresent();
        boolean votes = !conditions.told(Finding.QuorumLost.KEY);
        if (silent) {
            String can = votes ? "" : ", and the Sentinels cannot act";
            String why =
                    master.map(node -> node.id() + " " + node.pulse().reason()).orElse("");
            return new Opinion(Diagnosis.MASTER_SILENT, "the master " + why + can);
        }
        if (!votes) {
            return new Opinion(Diagnosis.QUORUM_LOST, "too few Sentinels for a failover");
        }
        if (conditions.told(Finding.Disagree.KEY)) {
            return new Opinion(Diagnosis.SENTINELS_DISAGREE, "the Sentinels name different masters");
        }
        if (master.isEmpty()) {
            return named == null
                    ? new Opinion(Diagnosis.UNKNOWN, "no majority of the Sentinels that answer names a master")
                    : new Opinion(Diagnosis.DEGRADED, "the Sentinels name " + named + ", which is in no spec");
        }
        return standby(snapshot, conditions, master.get());
    }

    private static Opinion standby(Snapshot snapshot, Conditions conditions, NodeView master) {
        if (!master.up()) {
            return new Opinion(
                    Diagnosis.DEGRADED,
                    "the master " + master.id() + " " + master.pulse().reason());
        }
        List<NodeView> missing = snapshot.instances().values().stream()
                .filter(node -> !node.up())
                .toList();
        if (!missing.isEmpty()) {
            String first =
                    missing.getFirst().id() + " " + missing.getFirst().pulse().reason();
            String more = missing.size() == 1 ? "" : ", and " + (missing.size() - 1) + " more";
            return new Opinion(Diagnosis.DEGRADED, first + more);
        }
        if (conditions.anyTold()) {
            String keys = conditions.seen().entrySet().stream()
                    .filter(entry -> entry.getValue().told())
                    .map(java.util.Map.Entry::getKey)
                    .sorted()
                    .collect(Collectors.joining(", "));
            return new Opinion(Diagnosis.DEGRADED, "open: " + keys);
        }
        return new Opinion(Diagnosis.HEALTHY, "every instance answers, " + master.id() + " is master");
    }

    private static String ids(List<NodeView> nodes) {
        return nodes.stream().map(NodeView::id).map(InstanceId::value).collect(Collectors.joining(", "));
    }
}
