package io.redfleet.gateway.board;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.health.CheckHealth;
import io.redfleet.contracts.health.CheckHealth.RuleHealth;
import io.redfleet.contracts.health.CheckHealth.State;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.MachineFacts;
import io.redfleet.gateway.Clusters;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The cluster "orders", whose rules are about its hosts too, and what is known of them. */
final class Hosts {
    static final String RULES = """
            check filesystem disk with path /home/a/redis
              if space > 80% then alert
              if inode > 90% then alert
            check system machine
              group hosts
              if memory > 80% for 3 cycles then alert
            """;
    static final ClusterState ORDERS = Clusters.ruled("orders", RULES);
    static final ClusterState FORMER =
            new ClusterState(1, new ClusterUid("uid-former"), 1, ORDERS.phase(), "", Clusters.NOON, ORDERS.spec());
    static final ClusterState PLAIN = Clusters.named("plain");
    static final String SPACE = "space > 80%";
    static final String INODE = "inode > 90%";
    static final String MEMORY = "memory > 80% for 3 cycles";
    static final Instant NOW = Clusters.NOON.plusSeconds(90);
    static final CheckHealth WELL = new CheckHealth(0, 0, Map.of(), List.of(SPACE, INODE));

    private Hosts() {}

    static RuleHealth health(String state) {
        return new RuleHealth(State.valueOf(state), 1, 1, Clusters.NOON);
    }

    static HostLine disk(Board board) {
        return disk(board, NOW);
    }

    static HostLine disk(Board board, Instant now) {
        return Services.of(board, new Rules(), any -> true, now).hosts().getFirst();
    }

    static Services services(Board board) {
        return Services.of(board, new Rules(), any -> true, NOW);
    }

    static Board board(Map<String, CheckHealth> checks) {
        return board(ORDERS, health(ORDERS, checks), List.of(facts("r1", true, Clusters.NOON)), false);
    }

    static Board board(ClusterState cluster, ClusterHealth health, List<HostFacts> facts, boolean stale) {
        return new Board(
                Map.of(cluster.name(), cluster),
                Map.of(cluster.name(), health),
                Optional.empty(),
                Map.of(),
                facts,
                List.of(),
                Map.of(),
                stale);
    }

    static Board board(
            Map<ClusterName, ClusterState> clusters, Map<ClusterName, ClusterHealth> health, List<HostFacts> facts) {
        return new Board(clusters, health, Optional.empty(), Map.of(), facts, List.of(), Map.of(), false);
    }

    static ClusterHealth health(ClusterState cluster, Map<String, CheckHealth> checks) {
        return Clusters.health(cluster, Liveness.UP, Clusters.NOON, checks);
    }

    static HostFacts facts(String host, boolean reachable, Instant at) {
        return new HostFacts(
                HostFacts.SCHEMA,
                ORDERS.name(),
                new HostName(host),
                at,
                reachable,
                reachable ? "" : "no route",
                "boot",
                0.5,
                100,
                50,
                100,
                50,
                0,
                Map.of(),
                MachineFacts.UNKNOWN);
    }
}
