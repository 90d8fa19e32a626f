package io.redfleet.gateway.board;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.operation.HostFacts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One check of one host in Monit's terms. What is not known, or may be old, is never {@code OK}.
 *
 * @param id host and check, as {@code r1/disk}; never the id of an instance of the same cluster
 * @param status Monit's word: {@code OK}, {@code Initializing} until every rule was judged, {@code Waiting} while
 *     nothing new is heard, or what failed
 * @param monitored always: nobody ends the judging of a host
 * @param mode {@code passive}: a host's rules only tell
 * @param since when the earliest of what is failed began to fail; null while nothing is
 * @param collectedAt when the host last said how it is, null while it cannot be reached; of an address, when the
 *     monitor last wrote about the cluster, null before that
 * @param groups those that the cluster's rules put the check in
 * @param machine what is measured of a machine; null elsewhere, and where it is not known or may be old
 * @param filesystem what is measured of a filesystem; null likewise
 * @param unmeasured why there are no figures; empty while there are, and of an address, of which nothing is measured
 */
public record HostLine(
        ClusterName cluster,
        String id,
        HostName host,
        String name,
        Kind kind,
        String status,
        boolean monitored,
        String mode,
        String reason,
        @Nullable Instant since,
        @Nullable Instant collectedAt,
        List<String> groups,
        @Nullable MachineFigures machine,
        @Nullable FilesystemFigures filesystem,
        String unmeasured) {
    /** What is checked. */
    public enum Kind {
        /** The machine. */
        SYSTEM("System", StatusLine.RESOURCE),
        /** That of the cluster's directory. */
        FILESYSTEM("Filesystem", StatusLine.RESOURCE),
        /** Ports of the cluster's instances at one address. */
        HOST("Remote Host", StatusLine.CONNECTION);

        private final String word;
        private final String failed;

        Kind(String word, String failed) {
            this.word = word;
            this.failed = failed;
        }

        /** The status of one of which a rule is failed. */
        String failed() {
            return failed;
        }

        /** Monit's name of the type. */
        public String word() {
            return word;
        }
    }

    public HostLine {
        groups = List.copyOf(groups);
    }

    /** As Monit calls a service: unique in the fleet. */
    public String service() {
        return cluster.value() + "/" + id;
    }

    /** Of the clusters that pass: by cluster, then in the order of the spec's hosts, then of the rules. */
    static List<HostLine> list(Board board, Rules rules, Predicate<ClusterState> wanted, Instant now) {
        return board.clusters().values().stream()
                .filter(wanted)
                .sorted(Comparator.comparing(cluster -> cluster.name().value()))
                .flatMap(cluster -> of(board, rules.ofHosts(cluster.spec()), cluster, now).stream())
                .toList();
    }

    private static List<HostLine> of(Board board, List<Rules.OfHosts> checks, ClusterState cluster, Instant now) {
        if (checks.isEmpty()) {
            return List.of();
        }
        Map<HostName, HostFacts> heard = byName(board.hosts(cluster.name()));
        Map<HostName, HostFacts> before = byName(board.earlier(cluster.name()));
        List<HostName> hosts = cluster.spec().members().stream()
                .map(member -> member.id().host())
                .distinct()
                .toList();
        List<HostLine> lines = new ArrayList<>();
        for (HostName host : hosts) {
            Optional<HostFacts> facts = Optional.ofNullable(heard.get(host));
            HostState.Evidence evidence = new HostState.Evidence(
                    board.health(cluster), facts, Optional.ofNullable(before.get(host)), board.stale(), now);
            checks.stream()
                    .filter(check -> check.isOf(host, cluster.spec()))
                    .forEach(check -> lines.add(line(cluster, host, check, evidence)));
        }
        return lines;
    }

    private static Map<HostName, HostFacts> byName(List<HostFacts> facts) {
        return facts.stream().collect(Collectors.toMap(HostFacts::host, Function.identity(), (one, other) -> one));
    }

    private static HostLine line(
            ClusterState cluster, HostName host, Rules.OfHosts check, HostState.Evidence evidence) {
        HostState state = HostState.of(host, check, check.probed(cluster.spec()), evidence);
        HostFigures figures = HostFigures.of(host, check.kind(), evidence);
        return new HostLine(
                cluster.name(),
                host.value() + "/" + check.name(),
                host,
                check.name(),
                check.kind(),
                state.status(),
                true,
                "passive",
                state.reason(),
                state.since(),
                collectedAt(check.kind(), evidence),
                check.groups(),
                figures.machine(),
                figures.filesystem(),
                figures.missing());
    }

    private static @Nullable Instant collectedAt(Kind kind, HostState.Evidence evidence) {
        return switch (kind) {
            case SYSTEM, FILESYSTEM ->
                evidence.facts().filter(HostFacts::reachable).map(HostFacts::at).orElse(null);
            case HOST -> evidence.health().map(ClusterHealth::at).orElse(null);
        };
    }
}
