package io.redfleet.gateway.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.health.InstanceHealth;
import io.redfleet.contracts.health.LabelBrake;
import io.redfleet.contracts.health.LabelBrakes;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.Verdict;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.ProcessFacts;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.gateway.Clusters;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BoardTest {
    private static final ClusterState ORDERS = Clusters.named("orders", Map.of("team", "checkout"));
    private static final InstanceId R1 = new InstanceId("r1/redis-server");

    @Test
    void aClusterThatNobodyHasObservedIsShownAsUnknown() {
        ClusterLine line = ClusterLine.list(board(ORDERS, Optional.empty(), List.of()), any -> true, Clusters.NOON)
                .getFirst();
        assertThat(line.diagnosis()).isEqualTo(Verdict.Diagnosis.UNKNOWN);
        assertThat(line.up()).isZero();
        assertThat(line.instances()).isEqualTo(6);
        assertThat(line.observedAt()).isNull();
    }

    @Test
    void theHealthOfAnEarlierClusterOfTheSameNameIsNotShown() {
        ClusterState reborn =
                new ClusterState(1, new ClusterUid("uid-new"), 1, ORDERS.phase(), "", Clusters.NOON, ORDERS.spec());
        Board board = board(reborn, Optional.of(Clusters.health(ORDERS, Liveness.UP)), List.of());
        assertThat(board.health(reborn)).isEmpty();
        assertThat(ClusterCard.of(board, reborn, Clusters.NOON).health()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "UP,          true,  true,  true,  OK",
        "UP,          false, false, false, OK",
        "LOADING,     true,  true,  true,  Initializing",
        "UNKNOWN,     false, false, false, Initializing",
        "DOWN,        true,  true,  false, Does not exist",
        "DOWN,        true,  true,  true,  Connection failed",
        "DOWN,        true,  false, false, Connection failed",
        "DOWN,        false, false, false, Connection failed",
        "HUNG,        true,  true,  true,  Connection failed",
        "UNREACHABLE, true,  true,  true,  Connection failed"
    })
    void statusIsMonitsWord(Liveness liveness, boolean facts, boolean reachable, boolean present, String word) {
        List<HostFacts> hosts = facts ? List.of(host(reachable, present)) : List.of();
        Board board = board(ORDERS, Optional.of(Clusters.health(ORDERS, liveness)), hosts);
        StatusLine line = StatusLine.list(board, new Rules(), any -> true).getFirst();
        assertThat(line.id()).isEqualTo(R1);
        assertThat(line.status()).isEqualTo(word);
        assertThat(line.pid()).isEqualTo(reachable && present ? Long.valueOf(3581) : null);
    }

    @ParameterizedTest
    @EnumSource(Liveness.class)
    void whatIsNotMonitoredHasNoOtherStatus(Liveness liveness) {
        ClusterHealth health = Clusters.health(ORDERS, liveness);
        Map<InstanceId, InstanceHealth> instances = new HashMap<>(health.instances());
        instances.computeIfPresent(
                R1,
                (id, was) -> new InstanceHealth(
                        was.liveness(), was.since(), was.reason(), was.role(), was.runId(), false, 1, 0, 0));
        ClusterHealth unwatched = new ClusterHealth(
                1,
                ORDERS.name(),
                ORDERS.uid(),
                health.at(),
                health.verdict(),
                instances,
                Map.of(),
                Map.of(),
                health.lastEvent());
        StatusLine line = StatusLine.list(board(ORDERS, Optional.of(unwatched), List.of()), new Rules(), any -> true)
                .getFirst();
        assertThat(line.status()).isEqualTo("Not monitored");
    }

    @ParameterizedTest
    @CsvSource({"UP, Waiting", "DOWN, Connection failed", "LOADING, Initializing"})
    void whoWaitsForWhatItDependsOnSaysSo(Liveness liveness, String word) {
        String held = "test skipped as required service 'redis-sentinel' has errors";
        ClusterHealth health = Clusters.health(ORDERS, liveness);
        Map<InstanceId, InstanceHealth> instances = new HashMap<>(health.instances());
        instances.computeIfPresent(
                R1,
                (id, was) -> new InstanceHealth(
                        liveness, was.since(), was.reason(), was.role(), was.runId(), true, 1, 0, 0, null, held, 0L));
        ClusterHealth waiting = new ClusterHealth(
                1,
                ORDERS.name(),
                ORDERS.uid(),
                health.at(),
                health.verdict(),
                instances,
                Map.of(),
                Map.of(),
                health.lastEvent());
        Services lines = services(board(ORDERS, Optional.of(waiting), List.of()));
        assertThat(lines.items().getFirst().status()).isEqualTo(word);
        assertThat(lines.items().getFirst().reason()).isEqualTo("as the test says; " + held);
        assertThat(Report.of(lines).up()).as("as Monit counts it").isEqualTo(liveness == Liveness.UP ? 6 : 0);
    }

    @Test
    void statusHasMonitsColumns() {
        Board board = board(ORDERS, Optional.of(Clusters.health(ORDERS, Liveness.UP)), List.of(host(true, true)));
        String text = MonitText.status(first(board, 1), Duration.ofMinutes(63));
        assertThat(text).isEqualTo("""
                        Redfleet uptime: 1h 3m

                        Process 'orders/r1/redis-server'
                          status                       OK
                          monitoring status            Monitored
                          monitoring mode              active
                          pid                          3581
                          memory                       0.7% [6.9 MB]
                          role                         master
                          liveness                     up
                          since                        Sun, 22 Nov 2026 12:00:00
                          reason                       as the test says
                          data collected               Sun, 22 Nov 2026 12:00:00

                        """);
    }

    @Test
    void summaryHasMonitsColumns() {
        Board board = board(ORDERS, Optional.of(Clusters.health(ORDERS, Liveness.UP)), List.of());
        String text = MonitText.summary(first(board, 2), Duration.ofDays(2).plusMinutes(3));
        assertThat(text.lines())
                .containsExactly(
                        "Redfleet uptime: 2d 0h 3m",
                        " Service Name                     Status                      Type         ",
                        " orders/r1/redis-server           OK                          Process      ",
                        " orders/r1/redis-sentinel         OK                          Process      ",
                        "");
    }

    @Test
    void reportHasMonitsColumns() {
        assertThat(MonitText.report(new Report(5, 2, 0, 0, 7))).isEqualTo("""
                        up:             5 (71.4%)
                        down:           2 (28.6%)
                        initialising:   0 (0.0%)
                        unmonitored:    0 (0.0%)
                        total:          7 services
                        """);
        assertThat(MonitText.report(Report.of(new Services(List.of(), List.of(), List.of(), null, false))))
                .startsWith("up:             0 (0.0%)\n");
    }

    @Test
    void reportCountsEveryInstanceOnce() {
        Board board = board(ORDERS, Optional.of(Clusters.health(ORDERS, Liveness.DOWN)), List.of());
        assertThat(Report.of(services(board))).isEqualTo(new Report(0, 6, 0, 0, 6));
        board = board(ORDERS, Optional.of(Clusters.health(ORDERS, Liveness.UP)), List.of());
        assertThat(Report.of(services(board))).isEqualTo(new Report(6, 0, 0, 0, 6));
        board = board(ORDERS, Optional.empty(), List.of());
        assertThat(Report.of(services(board))).isEqualTo(new Report(0, 0, 6, 0, 6));
    }

    @Test
    void groupsAreThoseOfTheRules() {
        ClusterState grouped = Clusters.ruled("orders", """
                check process redis-server with pidfile /run/redis.pid
                  group data
                  group all
                """);
        List<StatusLine> lines = StatusLine.list(board(grouped, Optional.empty(), List.of()), new Rules(), any -> true);
        assertThat(lines.get(0).groups()).containsExactly("data", "all");
        assertThat(lines.get(1).groups()).isEmpty();
        ClusterState newer = Clusters.ruled("orders", "check galaxy far away\n");
        assertThat(StatusLine.list(board(newer, Optional.empty(), List.of()), new Rules(), any -> true))
                .allSatisfy(line -> assertThat(line.groups()).isEmpty());
    }

    @Test
    void aPageGoesOnAtItsPlaceEvenIfItsLastItemIsGone() {
        Page<String> first = page(List.of("a", "b", "c", "d"), Window.first(2));
        assertThat(first.items()).containsExactly("a", "b");
        String next = String.valueOf(first.next());
        assertThat(page(List.of("a", "c", "d"), Window.after(2, next)).items()).containsExactly("c", "d");
        assertThat(page(List.of("a", "c", "d"), Window.after(2, next)).next()).isNull();
        assertThatThrownBy(() -> Window.first(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Window.after(2, "%%")).isInstanceOf(IllegalArgumentException.class);
    }

    private static Services first(Board board, int instances) {
        Services all = services(board);
        return new Services(all.items().subList(0, instances), all.hosts(), List.of(), null, false);
    }

    private static Services services(Board board) {
        return Services.of(board, new Rules(), any -> true, Clusters.NOON);
    }

    /** The cluster "orders" bears team=checkout and is in scope, "carts" bears env=prod and may not be. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            false | false | team=checkout
            true  | false | team=checkout
            false | true  | env=prod,team=checkout
            true  | true  | env=prod,team=checkout,team=search
            """)
    void ofTheLabelsThatAreDisarmedOneSeesItsOwnAndThoseOfItsClusters(boolean ruled, boolean all, String seen) {
        ClusterState carts = Clusters.named("carts", Map.of("env", "prod"));
        Actor ann = new Actor("ann", "t1");
        LabelBrakes labels = new LabelBrakes(
                3,
                Stream.of("team=checkout", "team=search", "env=prod")
                        .map(label -> new LabelBrake(new Label(label), "x", ann, Clusters.NOON))
                        .toList());
        FleetBrake brake = new FleetBrake(1, false, "", ann, Clusters.NOON, 1, labels);
        Board board = new Board(
                Map.of(ORDERS.name(), ORDERS, carts.name(), carts),
                Map.of(),
                Optional.of(brake),
                Map.of(),
                List.of(),
                List.of(),
                Map.of(),
                false);

        List<String> shown = board
                .brake(
                        label -> ruled && all && label.value().equals("team=search"),
                        cluster -> all || cluster.equals(ORDERS))
                .orElseThrow()
                .labelled()
                .brakes()
                .stream()
                .map(held -> held.label().value())
                .toList();

        assertThat(shown).containsExactly(seen.split(",", -1));
        assertThat(Board.EMPTY.brake(label -> true, cluster -> true)).isEmpty();
    }

    private static Page<String> page(List<String> all, Window window) {
        return Page.of(all, Function.identity(), Comparator.naturalOrder(), window, false);
    }

    private static Board board(ClusterState cluster, Optional<ClusterHealth> health, List<HostFacts> hosts) {
        Map<ClusterName, ClusterHealth> seen = new HashMap<>();
        health.ifPresent(found -> seen.put(found.cluster(), found));
        return Hosts.board(Map.of(cluster.name(), cluster), seen, hosts);
    }

    private static HostFacts host(boolean reachable, boolean present) {
        ProcessFacts process =
                present ? new ProcessFacts(true, 3581, 1, 7_260_000, 10, false, 4, 0, 0, 0) : ProcessFacts.ABSENT;
        return new HostFacts(
                1,
                ORDERS.name(),
                new HostName("r1"),
                Clusters.NOON,
                reachable,
                "",
                "boot",
                0.1,
                1_000_000_000,
                1,
                1,
                1,
                0,
                Map.of(R1, process),
                null);
    }
}
