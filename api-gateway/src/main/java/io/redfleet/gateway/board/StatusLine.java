package io.redfleet.gateway.board;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.WatchMode;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.InstanceHealth;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.ReplicationRole;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.ProcessFacts;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One instance in Monit's terms.
 *
 * @param status Monit's word: {@code OK}, {@code Initializing}, {@code Waiting}, {@code Not monitored}
 *     or what failed
 * @param mode {@code active} where Redfleet may act on its own, {@code passive} where it only tells (Monit
 *     manual, Mode)
 * @param since when the present liveness began; null before the first probe
 * @param pid null while no process is there, or no facts of its host
 * @param memoryBytes resident; null like {@code pid}
 * @param collectedAt when the monitor last wrote about the cluster; null before that
 * @param groups those that the cluster's rules put it in
 */
public record StatusLine(
        ClusterName cluster,
        InstanceId id,
        InstanceRole kind,
        ReplicationRole role,
        Liveness liveness,
        boolean monitored,
        String status,
        String mode,
        String reason,
        @Nullable Instant since,
        @Nullable Long pid,
        @Nullable Long memoryBytes,
        @Nullable Double memoryPercent,
        @Nullable Instant collectedAt,
        List<String> groups) {
    static final String OK = "OK";
    static final String INITIALIZING = "Initializing";
    /** It answers, and its rules are not judged because of what it depends on. */
    static final String WAITING = "Waiting";

    /** The condition of a cluster that the monitor cannot watch at present. */
    private static final String PARKED = "parked";

    static final String NOT_MONITORED = "Not monitored";
    static final String RESOURCE = "Resource limit matched";
    static final String CONNECTION = "Connection failed";

    public StatusLine {
        groups = List.copyOf(groups);
    }

    /** As Monit calls a service: unique in the fleet. */
    public String service() {
        return cluster.value() + "/" + id.value();
    }

    /** The instances of the clusters that pass: by cluster, then in the order of the spec. */
    public static List<StatusLine> list(Board board, Rules rules, Predicate<ClusterState> wanted) {
        return board.clusters().values().stream()
                .filter(wanted)
                .sorted(Comparator.comparing(cluster -> cluster.name().value()))
                .flatMap(cluster -> of(board, rules, cluster).stream())
                .toList();
    }

    private static List<StatusLine> of(Board board, Rules rules, ClusterState cluster) {
        Optional<ClusterHealth> health = board.health(cluster);
        List<HostFacts> hosts = board.hosts(cluster.name());
        return cluster.spec().members().stream()
                .map(member -> line(
                        cluster,
                        Topology.node(member, health),
                        health,
                        facts(hosts, member.id()),
                        rules.groups(cluster.spec(), member.id())))
                .toList();
    }

    private static Optional<HostFacts> facts(List<HostFacts> hosts, InstanceId id) {
        return hosts.stream()
                .filter(facts -> facts.host().equals(id.host()) && facts.reachable())
                .findFirst();
    }

    private static StatusLine line(
            ClusterState cluster,
            Topology.Node node,
            Optional<ClusterHealth> health,
            Optional<HostFacts> host,
            List<String> groups) {
        Optional<ProcessFacts> process = host.map(facts -> facts.processes().get(node.id()));
        Optional<ProcessFacts> alive = process.filter(ProcessFacts::present);
        boolean absent = process.filter(facts -> !facts.present()).isPresent();
        String waiting = health.map(of -> of.instances().get(node.id()))
                .map(InstanceHealth::waiting)
                .orElse("");
        // What was seen of it last stays in the record, for whoever watches it next.
        boolean parked = node.monitored()
                && health.filter(of -> of.conditions().containsKey(PARKED)).isPresent();
        return new StatusLine(
                cluster.name(),
                node.id(),
                node.kind(),
                node.role(),
                node.liveness(),
                node.monitored(),
                parked ? INITIALIZING : status(node, absent, !waiting.isEmpty()),
                cluster.spec().watch().mode() == WatchMode.AUTO ? "active" : "passive",
                reason(node, health, parked, waiting),
                node.since(),
                alive.map(ProcessFacts::pid).orElse(null),
                alive.map(ProcessFacts::residentBytes).orElse(null),
                alive.flatMap(facts -> host.map(of -> percent(facts.residentBytes(), of.memoryTotalBytes())))
                        .orElse(null),
                health.map(ClusterHealth::at).orElse(null),
                groups);
    }

    private static String reason(Topology.Node node, Optional<ClusterHealth> health, boolean parked, String waiting) {
        if (parked) {
            return health.map(of -> of.verdict().reason()).orElse("");
        }
        return waiting.isEmpty() ? node.reason() : node.reason() + "; " + waiting;
    }

    /** Existence goes before everything else, as in Monit: a process that is not there has no second failure. */
    private static String status(Topology.Node node, boolean absent, boolean waiting) {
        if (!node.monitored()) {
            return NOT_MONITORED;
        }
        return switch (node.liveness()) {
            case UP -> waiting ? WAITING : OK;
            case UNKNOWN, LOADING -> INITIALIZING;
            case DOWN -> absent ? "Does not exist" : CONNECTION;
            case HUNG, UNREACHABLE -> CONNECTION;
        };
    }

    /** With one decimal, as Monit shows it. */
    static double percent(long part, long whole) {
        return whole <= 0 ? 0 : Math.round(part * 1000.0 / whole) / 10.0;
    }
}
