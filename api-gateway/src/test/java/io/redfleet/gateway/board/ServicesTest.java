package io.redfleet.gateway.board;

import static io.redfleet.gateway.board.Hosts.INODE;
import static io.redfleet.gateway.board.Hosts.MEMORY;
import static io.redfleet.gateway.board.Hosts.ORDERS;
import static io.redfleet.gateway.board.Hosts.PLAIN;
import static io.redfleet.gateway.board.Hosts.SPACE;
import static io.redfleet.gateway.board.Hosts.WELL;
import static io.redfleet.gateway.board.Hosts.board;
import static io.redfleet.gateway.board.Hosts.disk;
import static io.redfleet.gateway.board.Hosts.facts;
import static io.redfleet.gateway.board.Hosts.health;
import static io.redfleet.gateway.board.Hosts.services;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.bus.codec.Codec;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.health.CheckHealth;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.Verdict;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.gateway.Clusters;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Instances and checks of hosts together, in Monit's layouts and for programs. */
class ServicesTest {
    @Test
    void aClusterWithoutSuchRulesLooksAsEver() {
        Services services = services(board(PLAIN, Clusters.health(PLAIN, Liveness.UP), List.of(), false));
        assertThat(services.hosts()).isEmpty();
        assertThat(MonitText.summary(services, Duration.ZERO)).doesNotContain("System", "Filesystem");
        assertThat(MonitText.status(services, Duration.ZERO)).doesNotContain("System '", "Filesystem '");
        assertThat(Report.of(services)).isEqualTo(new Report(6, 0, 0, 0, 6));
        ClusterState newer = Clusters.ruled("plain", "check galaxy far away\n");
        assertThat(services(board(newer, Clusters.health(newer, Liveness.UP), List.of(), false))
                        .hosts())
                .isEmpty();
    }

    @Test
    void oneOfThemAndAGroupCanBeAskedFor() {
        Services all = services(board(Map.of()));
        assertThat(all.only(line -> false, line -> line.id().equals("r2/disk")).hosts())
                .extracting(HostLine::service)
                .containsExactly("orders/r2/disk");
        Services grouped = all.only(
                line -> line.groups().contains("hosts"), line -> line.groups().contains("hosts"));
        assertThat(grouped.items()).isEmpty();
        assertThat(grouped.hosts()).hasSize(3).allMatch(line -> line.name().equals("machine"));
        assertThat(grouped.nothing()).isFalse();
    }

    @Test
    void summaryIsByTypeInMonitsOrder() {
        Services all = services(board(Map.of("r1 disk", WELL)));
        Services r1 = all.only(
                line -> line.id().value().equals("r1/redis-server"),
                line -> line.host().value().equals("r1"));
        assertThat(MonitText.summary(r1, Duration.ofMinutes(3)).lines())
                .containsExactly(
                        "Redfleet uptime: 3m",
                        " Service Name                     Status                      Type         ",
                        " orders/r1/machine                Initializing                System       ",
                        " orders/r1/redis-server           OK                          Process      ",
                        " orders/r1/disk                   OK                          Filesystem   ",
                        "");
    }

    @Test
    void statusHasMonitsBlocksClusterByCluster() {
        CheckHealth machine = new CheckHealth(0, 0, Map.of(MEMORY, health("FAILED")), List.of());
        Services all = services(board(Map.of("r1 disk", WELL, "r1 machine", machine)));
        String text = MonitText.status(
                all.only(line -> false, line -> line.host().value().equals("r1")), Duration.ofMinutes(3));
        assertThat(text).isEqualTo("""
                        Redfleet uptime: 3m

                        Filesystem 'orders/r1/disk'
                          status                       OK
                          monitoring status            Monitored
                          monitoring mode              passive
                          on reboot                    start
                          space total                  100 B
                          space free for non superuser 50 B [50.0%]
                          host                         r1
                          reason                       No rule has failed
                          data collected               Sun, 22 Nov 2026 12:00:00

                        System 'orders/r1/machine'
                          status                       Resource limit matched
                          monitoring status            Monitored
                          monitoring mode              passive
                          on reboot                    start
                          load average                 [0.50]
                          memory usage                 50 B [50.0%]
                          host                         r1
                          since                        Sun, 22 Nov 2026 12:00:00
                          reason                       Failed: memory > 80% for 3 cycles
                          data collected               Sun, 22 Nov 2026 12:00:00

                        """);
    }

    @Test
    void aClustersHostsStandBesideItsInstances() {
        Map<ClusterName, ClusterHealth> health =
                Map.of(ORDERS.name(), health(ORDERS, Map.of()), PLAIN.name(), Clusters.health(PLAIN, Liveness.UP));
        Map<ClusterName, ClusterState> clusters = Map.of(ORDERS.name(), ORDERS, PLAIN.name(), PLAIN);
        Board two = board(clusters, health, List.of());
        String text = MonitText.status(services(two), Duration.ZERO);
        assertThat(text.lines().filter(line -> line.endsWith("'")))
                .startsWith("Process 'orders/r1/redis-server'")
                .containsSubsequence(
                        "Process 'orders/r3/redis-sentinel'",
                        "Filesystem 'orders/r1/disk'",
                        "System 'orders/r3/machine'",
                        "Process 'plain/r1/redis-server'")
                .hasSize(18);
    }

    @Test
    void reportCountsThemAndWhatWaitsIsNotUp() {
        CheckHealth full = new CheckHealth(0, 0, Map.of(SPACE, health("FAILED")), List.of(INODE));
        Map<String, CheckHealth> checks = Map.of("r1 disk", WELL, "r2 disk", full, "r3 disk", WELL);
        List<HostFacts> facts = List.of(
                facts("r1", true, Clusters.NOON), facts("r2", true, Clusters.NOON), facts("r3", false, Clusters.NOON));
        Board board = board(ORDERS, health(ORDERS, checks), facts, false);
        assertThat(disk(board).status()).isEqualTo("OK");
        assertThat(services(board).hosts().get(4).status()).isEqualTo("Waiting");
        assertThat(Report.of(services(board)))
                .as("6 instances and r1's disk; r2's; r3's and three machines that nobody has judged")
                .isEqualTo(new Report(7, 1, 4, 0, 12));
    }

    /** Its record keeps what was seen last, for whoever watches it next. */
    @Test
    void nothingIsOkOfAClusterThatNobodyCanWatch() {
        ClusterHealth seen = health(ORDERS, Map.of());
        String why = "parked, not watched: its watch failed ten times in a row";
        ClusterHealth parked = new ClusterHealth(
                seen.schema(),
                seen.cluster(),
                seen.uid(),
                seen.at(),
                new Verdict(Verdict.Diagnosis.UNKNOWN, why, Clusters.NOON, null, 0),
                seen.instances(),
                Map.of("parked", Clusters.NOON),
                seen.counters(),
                seen.lastEvent(),
                seen.term(),
                seen.hosts(),
                seen.failovers());
        Services watched = services(board(ORDERS, seen, List.of(), false));
        Services unwatched = services(board(ORDERS, parked, List.of(), false));
        assertThat(watched.items()).extracting(StatusLine::status).contains("OK");
        assertThat(unwatched.items()).hasSize(6).allSatisfy(line -> {
            assertThat(line.status()).isEqualTo("Initializing");
            assertThat(line.reason()).isEqualTo(why);
        });
    }

    @Test
    void forProgramsTheyAreAListOfTheirOwnAndTheInstancesAreAsEver() throws Exception {
        String answer = Codec.mapper().writeValueAsString(services(board(Map.of("r1 disk", WELL))));
        JsonNode json = Codec.mapper().readTree(answer);
        assertThat(json.properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("items", "hosts", "drifts", "next", "stale");
        assertThat(json.path("items")).hasSize(6);
        assertThat(json.at("/items/0/kind").asText()).isEqualTo("REDIS");
        assertThat(json.path("hosts").path(0)).isEqualTo(Codec.mapper().readTree("""
                {"cluster":"orders","id":"r1/disk","host":"r1","name":"disk","kind":"FILESYSTEM","status":"OK",
                 "monitored":true,"mode":"passive","reason":"No rule has failed","since":null,
                 "collectedAt":"2026-11-22T12:00:00Z","groups":[],"machine":null,
                 "filesystem":{"totalBytes":100,"availableBytes":50,"availablePercent":50.0,"space":null,
                 "inodes":null},"unmeasured":""}"""));
    }
}
