package io.redfleet.gateway.board;

import io.redfleet.contracts.alert.Incident;
import io.redfleet.contracts.alert.IncidentId;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.health.LabelBrakes;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One reading of the views.
 *
 * <p>Each map is a copy made at one moment; two maps may be a few records apart, as the topics themselves are.
 *
 * @param brake null until anyone has touched it: then the fleet is armed
 * @param hosts in no order; a host of two clusters has two records
 * @param earlier of the hosts that have spoken more than once: a word before that one, against which it is measured
 * @param stale whether the bus is away, so that all this may be old
 */
public record Board(
        Map<ClusterName, ClusterState> clusters,
        Map<ClusterName, ClusterHealth> health,
        Optional<FleetBrake> brake,
        Map<OperationId, OperationState> operations,
        Collection<HostFacts> hosts,
        Collection<HostFacts> earlier,
        Map<IncidentId, Incident> alerts,
        boolean stale) {
    public Board {
        clusters = Map.copyOf(clusters);
        health = Map.copyOf(health);
        operations = Map.copyOf(operations);
        hosts = List.copyOf(hosts);
        earlier = List.copyOf(earlier);
        alerts = Map.copyOf(alerts);
    }

    public static final Board EMPTY =
            new Board(Map.of(), Map.of(), Optional.empty(), Map.of(), List.of(), List.of(), Map.of(), false);

    /**
     * The brake as somebody sees it: of the labels that are disarmed, those that are theirs, and those that hold a
     * cluster of theirs.
     *
     * @param ruled whether a label is theirs
     * @param scope whether a cluster is theirs
     */
    public Optional<FleetBrake> brake(Predicate<Label> ruled, Predicate<ClusterState> scope) {
        return brake.map(whole -> {
            LabelBrakes all = whole.labelled();
            return whole.with(new LabelBrakes(
                    all.count(),
                    all.brakes().stream()
                            .filter(held -> ruled.test(held.label()) || bears(held.label(), scope))
                            .toList()));
        });
    }

    private boolean bears(Label label, Predicate<ClusterState> scope) {
        return clusters.values().stream()
                .anyMatch(cluster -> label.isOn(cluster.spec().labels()) && scope.test(cluster));
    }

    public Optional<ClusterState> cluster(ClusterName name) {
        return Optional.ofNullable(clusters.get(name));
    }

    /** The health of this very cluster: what an earlier cluster of the same name left behind is not it. */
    public Optional<ClusterHealth> health(ClusterState cluster) {
        return Optional.ofNullable(health.get(cluster.name()))
                .filter(found -> found.uid().equals(cluster.uid()));
    }

    public List<HostFacts> hosts(ClusterName cluster) {
        return of(hosts, cluster);
    }

    /** Of those of its hosts that have spoken more than once, see the record. */
    List<HostFacts> earlier(ClusterName cluster) {
        return of(earlier, cluster);
    }

    private static List<HostFacts> of(Collection<HostFacts> all, ClusterName cluster) {
        return all.stream()
                .filter(facts -> facts.cluster().equals(cluster))
                .sorted(Comparator.comparing(facts -> facts.host().value()))
                .toList();
    }

    /**
     * Whom somebody stopped on purpose, by the word of the hosts.
     *
     * @param only of these; null: of the whole cluster
     */
    public List<InstanceId> stopped(ClusterName cluster, @Nullable InstanceId only) {
        return hosts(cluster).stream()
                .flatMap(facts -> facts.processes().entrySet().stream())
                .filter(process -> process.getValue().stopped()
                        && !process.getValue().present()
                        && (only == null || only.equals(process.getKey())))
                .map(Map.Entry::getKey)
                .sorted(Comparator.comparing(InstanceId::value))
                .toList();
    }

    /** Operations of a cluster, newest first. */
    public List<OperationState> operations(ClusterState cluster) {
        return operations.values().stream()
                .filter(operation -> operation.uid().equals(cluster.uid()))
                .sorted(Comparator.comparing(
                                (OperationState operation) -> operation.id().value())
                        .reversed())
                .toList();
    }
}
