package io.redfleet.gateway.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Drift;
import io.redfleet.contracts.cluster.Looks;
import io.redfleet.contracts.cluster.Looks.Seen;
import io.redfleet.contracts.cluster.Manage;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.ServiceName;
import io.redfleet.gateway.Clusters;
import io.redfleet.gateway.board.DriftView.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said of a cluster's drift, by what was told and what looks show. */
class DriftViewTest {
    private static final ClusterState ORDERS = Clusters.named("orders");
    private static final Instant READY = ORDERS.since();
    private static final Instant NOW = READY.plusSeconds(3_600);
    private static final Duration EVERY = Duration.ofMinutes(10);
    private static final Drift TOLD = new Drift(
            1,
            "0123456789abcdef",
            3,
            1,
            1,
            0,
            List.of("set [maxmemory]", "start r2/redis-server"),
            READY.plusSeconds(60),
            true);
    private static final Looks SAME = looks(Seen.SAME, "");
    private static final Looks DIFFERS = looks(Seen.DIFFERS, "");
    private static final Looks BLIND = looks(Seen.BLIND, "r2: survey (TIMED_OUT)");

    static Stream<Arguments> rows() {
        Looks old = new Looks(Seen.SAME, "", READY.minusSeconds(1), EVERY);
        return Stream.of(
                row("looks show none", null, SAME, Phase.READY, State.NONE, "as revision 3 says"),
                row("nobody has looked", null, null, Phase.READY, State.UNKNOWN, "not been looked at since"),
                row("drift may be off", null, null, Phase.READY, State.UNKNOWN, "redfleet.drift.every is off"),
                row("of before an operation", null, old, Phase.READY, State.UNKNOWN, "not been looked at since"),
                row("an operation works", null, SAME, Phase.PROVISIONING, State.UNKNOWN, "while it is PROVISIONING"),
                row("the last one failed", null, SAME, Phase.FAILED, State.NONE, "says. Its last apply failed at"),
                row("it failed, and told", TOLD, DIFFERS, Phase.FAILED, State.FOUND, "spec. Its last apply failed at"),
                row("it failed, and not all is seen", null, BLIND, Phase.FAILED, State.UNKNOWN, "r2: survey"),
                row("it failed, and nobody looked", null, null, Phase.FAILED, State.UNKNOWN, "not been looked at"),
                row("not all is seen", null, BLIND, Phase.READY, State.UNKNOWN, "r2: survey (TIMED_OUT)"),
                row("seen once", null, DIFFERS, Phase.READY, State.UNKNOWN, "is told if the next look"),
                row("told", TOLD, DIFFERS, Phase.READY, State.FOUND, "The hosts differ from the spec"),
                row("told, and not seen now", TOLD, BLIND, Phase.READY, State.FOUND, "spec. Not all is seen since"),
                row("told, and nobody looks", TOLD, null, Phase.READY, State.FOUND, "spec. Its hosts have not been"),
                row("told, and worked on", TOLD, DIFFERS, Phase.ACCEPTED, State.FOUND, "while it is ACCEPTED"),
                row("its end was told", TOLD.over().said(), SAME, Phase.READY, State.NONE, "as revision 3 says"),
                row("its end, then seen", TOLD.over().said(), DIFFERS, Phase.READY, State.UNKNOWN, "next look"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void says(String what, @Nullable Drift told, @Nullable Looks looks, Phase phase, State state, String reason) {
        DriftView view = of(cluster(told, looks).in(phase, "", READY), heard(), false);
        assertThat(view.state()).as(what).isEqualTo(state);
        assertThat(view.reason()).contains(reason);
        assertThat(view.since() == null).isEqualTo(state == State.UNKNOWN);
    }

    static Stream<Arguments> ends() {
        return Stream.of(
                end("cancelled", "was cancelled", provision("op-1", Status.CANCELLED, -60, 1)),
                end("cancelled at once", "was cancelled", provision("op-1", Status.CANCELLED, 0, 0)),
                end("the next one was cancelled in line", "was cancelled", provision("op-1", Status.SUCCEEDED, -60, 1)),
                end("failed", "failed", provision("op-1", Status.FAILED, -60, 1)),
                end(
                        "failed, and a later one was turned away",
                        "failed",
                        provision("op-1", Status.FAILED, -60, 1),
                        provision("op-2", Status.CANCELLED, 300, 301)),
                end(
                        "failed, while the same waited and was cancelled",
                        "failed",
                        provision("op-1", Status.FAILED, -60, 1),
                        provision("op-2", Status.CANCELLED, -30, -10)),
                end("cancelled was something else", "failed", operation("op-1", "roll", Status.CANCELLED, -60, 1)),
                end("it runs still", "failed", provision("op-1", Status.RUNNING, -60, -1)),
                end("not known any more", "failed"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ends")
    void howTheLastApplyEndedIsSaid(String what, String word, List<OperationState> operations) {
        ClusterState cluster = cluster(null, SAME).in(Phase.FAILED, "as it may be", READY);
        Board bare = board(cluster, heard());
        Board board = new Board(
                bare.clusters(),
                bare.health(),
                bare.brake(),
                operations.stream().collect(Collectors.toMap(OperationState::id, Function.identity())),
                bare.hosts(),
                bare.earlier(),
                bare.alerts(),
                false);
        assertThat(DriftView.of(board, cluster, NOW).reason())
                .as(what)
                .isEqualTo("The hosts are as revision 3 says. Its last apply " + word + " at 2026-11-22T12:00:00Z");
    }

    @Test
    void whatWasToldIsShownWhole() {
        DriftView view = of(cluster(TOLD, DIFFERS), heard(), false);
        assertThat(view.since()).isEqualTo(TOLD.since());
        assertThat(view.plan()).isEqualTo("0123456789abcdef");
        assertThat(view.first()).isEqualTo(TOLD.first());
        assertThat(view.every()).isEqualTo(EVERY);
        assertThat(view.counted()).isEqualTo("3 changes (1 live, 1 start)");
    }

    /** A look that is still to come would not reach it, and none may have come since it was lost. */
    @Test
    void whileAHostIsAwayOrNothingIsHeardOfItNobodySaysThatThereIsNoDrift() {
        ClusterState well = cluster(null, SAME);
        assertThat(of(well, heard(), false).state()).isEqualTo(State.NONE);
        List<HostFacts> away =
                List.of(Hosts.facts("r1", true, NOW), Hosts.facts("r2", false, NOW), Hosts.facts("r3", true, NOW));
        assertThat(of(well, away, false).reason()).contains("Not reachable since", "no route");
        assertThat(of(well, away, false).state()).isEqualTo(State.UNKNOWN);
        List<HostFacts> silent = List.of(
                Hosts.facts("r1", true, NOW),
                Hosts.facts("r2", true, NOW),
                Hosts.facts("r3", true, NOW.minus(HostState.OLD).minusSeconds(1)));
        assertThat(of(well, silent, false).reason()).contains("r3 has said nothing since");
        assertThat(of(well, List.of(), false).reason()).contains("Nothing has been heard of r1");
        assertThat(of(well, heard(), true).reason()).contains("Kafka cannot be reached");
        assertThat(of(well, heard(), true).state()).isEqualTo(State.UNKNOWN);
    }

    /** What is left of it, or was never there, is no difference. */
    @Test
    void whereARemovalOrAFirstApplyFailedNobodyLooks() {
        ClusterState well = cluster(null, SAME);
        ClusterState removal = well.in(Phase.FAILED, ClusterState.REMOVAL + "r1: no route", READY);
        ClusterState first = well.applied(0).in(Phase.FAILED, "r1: no route", READY);
        for (ClusterState each : List.of(removal, first)) {
            DriftView view = of(each, heard(), false);
            assertThat(view.state()).isEqualTo(State.UNKNOWN);
            assertThat(view.reason()).isEqualTo("Its hosts are not looked at while it is FAILED");
        }
    }

    @Test
    void ofAClusterThatIsOnlyObservedNobodyLooks() {
        ClusterState well = cluster(null, null);
        DriftView view = of(well.over(well.spec().with(Manage.OBSERVE)), List.of(), false);
        assertThat(view.state()).isEqualTo(State.UNKNOWN);
        assertThat(view.reason()).isEqualTo("It is only observed: its hosts are not looked at");
    }

    @Test
    void statusAndSummaryShowItAfterMonitsOwnLines() {
        ClusterState drifted = cluster(TOLD, DIFFERS);
        Services services = Services.of(board(drifted, heard()), new Rules(), any -> true, NOW);
        assertThat(MonitText.status(services, Duration.ofMinutes(3))).endsWith("""

                Drift 'orders'
                  status                       3 changes (1 live, 1 start)
                  plan                         0123456789abcdef
                  change                       set [maxmemory]
                  change                       start r2/redis-server
                  since                        Sun, 22 Nov 2026 12:01:00
                  reason                       The hosts differ from the spec

                """);
        assertThat(MonitText.summary(services, Duration.ofMinutes(3)).lines().toList())
                .contains(" orders                           3 changes                   Drift        ");
        assertThat(Report.of(services).total()).as("it is no service").isEqualTo(6);
        assertThat(services.only(line -> true, line -> true).drifts())
                .as("of instances, not of clusters")
                .isEmpty();
        ClusterState well = cluster(null, SAME);
        assertThat(Services.of(board(well, heard()), new Rules(), any -> true, NOW)
                        .drifts())
                .isEmpty();
    }

    @Test
    void aLineOfTheListSaysHowMuch() {
        ClusterLine line = ClusterLine.list(board(cluster(TOLD, DIFFERS), heard()), any -> true, NOW)
                .getFirst();
        assertThat(line.drift()).isEqualTo(State.FOUND);
        assertThat(line.driftChanges()).isEqualTo(3);
        ClusterState well = cluster(null, SAME);
        assertThat(ClusterCard.of(board(well, heard()), well, NOW).drift().state())
                .isEqualTo(State.NONE);
    }

    private static Arguments row(
            String what, @Nullable Drift told, @Nullable Looks looks, Phase phase, State state, String reason) {
        return Arguments.of(what, told, looks, phase, state, reason);
    }

    private static Arguments end(String what, String word, OperationState... operations) {
        return Arguments.of(what, word, List.of(operations));
    }

    private static OperationState provision(String id, Status status, long from, long to) {
        return operation(id, "provision", status, from, to);
    }

    /** @param from in seconds after the phase was written; so is {@code to}, of one that is done */
    private static OperationState operation(String id, String kind, Status status, long from, long to) {
        return new OperationState(
                OperationState.SCHEMA,
                new OperationId(id),
                ORDERS.name(),
                ORDERS.uid(),
                kind,
                null,
                Actor.self(ServiceName.GATEWAY),
                status,
                "as it may be",
                READY.plusSeconds(from),
                status.done() ? READY.plusSeconds(to) : null,
                List.of(),
                Set.of());
    }

    private static Looks looks(Seen seen, String why) {
        return new Looks(seen, why, READY.plusSeconds(90), EVERY);
    }

    private static ClusterState cluster(@Nullable Drift told, @Nullable Looks looks) {
        ClusterState seen = ORDERS.looked(looks);
        return told == null ? seen : seen.drifted(told);
    }

    private static List<HostFacts> heard() {
        return Stream.of("r1", "r2", "r3")
                .map(host -> Hosts.facts(host, true, NOW.minusSeconds(30)))
                .toList();
    }

    private static DriftView of(ClusterState cluster, List<HostFacts> facts, boolean stale) {
        return DriftView.of(Hosts.board(cluster, Clusters.health(cluster, Liveness.UP), facts, stale), cluster, NOW);
    }

    private static Board board(ClusterState cluster, List<HostFacts> facts) {
        return Hosts.board(cluster, Clusters.health(cluster, Liveness.UP), facts, false);
    }
}
