package io.redfleet.monitor.topology;

import static io.redfleet.monitor.Orders.address;
import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.health.Verdict;
import io.redfleet.contracts.health.Verdict.Diagnosis;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.probe.Reply;
import io.redfleet.monitor.probe.Standing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TopologyTest {
    private static final Verdict NOTHING = new Verdict(Diagnosis.UNKNOWN, "", at(0).wall(), null, 0);

    static Stream<Arguments> verdicts() {
        return Stream.of(
                row("all is well", scene -> {}, Diagnosis.HEALTHY, ""),
                row("nobody names a master", scene -> scene.views.clear(), Diagnosis.UNKNOWN, ""),
                row("the master is dead", scene -> scene.kill(Orders.R1), Diagnosis.MASTER_SILENT, ""),
                row("a replica is dead", scene -> scene.kill(Orders.R2), Diagnosis.DEGRADED, ""),
                row("a Sentinel is dead", scene -> scene.kill(Orders.S3), Diagnosis.DEGRADED, ""),
                row(
                        "two Sentinels are dead",
                        scene -> {
                            scene.kill(Orders.S2);
                            scene.kill(Orders.S3);
                        },
                        Diagnosis.QUORUM_LOST,
                        "QuorumLost 3000"),
                row(
                        "a majority cannot reach quorum",
                        scene -> {
                            scene.noQuorum(1);
                            scene.noQuorum(2);
                        },
                        Diagnosis.QUORUM_LOST,
                        "QuorumLost 3000"),
                row("one alone cannot", scene -> scene.noQuorum(1), Diagnosis.HEALTHY, ""),
                row(
                        "one Sentinel names another",
                        scene -> scene.view(3, 2, 1),
                        Diagnosis.SENTINELS_DISAGREE,
                        "Disagree 5000"),
                row(
                        "one has another epoch",
                        scene -> scene.view(3, 1, 1),
                        Diagnosis.SENTINELS_DISAGREE,
                        "Disagree 5000"),
                row(
                        "a returned master serves nobody",
                        scene -> scene.stand(2, Standing.master(5, 0)),
                        Diagnosis.SPLIT_BRAIN,
                        "SplitBrain 12000"),
                row(
                        "two masters with replicas",
                        scene -> scene.stand(2, Standing.master(5, 1)),
                        Diagnosis.SPLIT_BRAIN,
                        "SplitBrain 2000"),
                row(
                        "a replica without its link",
                        scene -> scene.stand(2, Standing.replica(address(1), "connect", -1)),
                        Diagnosis.DEGRADED,
                        "ReplicaBroken 10000"),
                row(
                        "a replica of a stranger",
                        scene -> scene.stand(2, Standing.replica(address(3), "connected", 5)),
                        Diagnosis.DEGRADED,
                        "ReplicaBroken 10000"),
                row(
                        "a replica that synchronizes",
                        scene -> scene.stand(2, Standing.replica(address(1), "sync", -1)),
                        Diagnosis.HEALTHY,
                        ""),
                row(
                        "links break when the master dies",
                        scene -> {
                            scene.kill(Orders.R1);
                            scene.stand(2, Standing.replica(address(1), "connect", -1));
                        },
                        Diagnosis.MASTER_SILENT,
                        ""));
    }

    @ParameterizedTest(name = "{0}: {2} {3}")
    @MethodSource("verdicts")
    void aSnapshotIsJudged(String what, Consumer<Scene> change, Diagnosis diagnosis, String told) {
        Conditions conditions = Conditions.NONE;
        Verdict verdict = NOTHING;
        List<String> opened = new ArrayList<>();
        for (long now = 0; now <= 15_000; now += 500) {
            Scene scene = new Scene(now);
            change.accept(scene);
            Snapshot snapshot = scene.snapshot();
            Conditions.Step step = conditions.step(Assessment.of(snapshot, false), at(now));
            conditions = step.after();
            for (Finding finding : step.opened()) {
                opened.add(finding.getClass().getSimpleName() + " " + now);
            }
            verdict = Judge.judge(snapshot, conditions, false, verdict);
        }
        assertThat(verdict.diagnosis()).isEqualTo(diagnosis);
        assertThat(String.join(", ", opened)).isEqualTo(told);
    }

    @Test
    void aConditionThatPassesWithinItsHoldOffIsNeverTold() {
        Assessment bad = assess(scene -> scene.stand(2, Standing.master(5, 0)));
        Assessment good = assess(scene -> {});

        Conditions seen =
                Conditions.NONE.step(bad, at(0)).after().step(bad, at(11_900)).after();
        Conditions.Step gone = seen.step(good, at(11_950));

        assertThat(gone.closed()).isEmpty();
        assertThat(gone.after()).isEqualTo(Conditions.NONE);
    }

    @Test
    void aToldConditionEndsOnlyBySomethingThatCanTell() {
        Assessment bad = assess(scene -> scene.view(3, 2, 1));
        Conditions told =
                Conditions.NONE.step(bad, at(0)).after().step(bad, at(5_000)).after();

        Conditions.Step blind = told.step(assess(scene -> scene.views.clear()), at(6_000));
        assertThat(blind.closed()).isEmpty();
        assertThat(blind.after().told(Finding.Disagree.KEY)).isTrue();

        Conditions.Step over = blind.after().step(assess(scene -> {}), at(7_000));
        assertThat(over.closed()).containsExactly(new Conditions.Closed(Finding.Disagree.KEY, at(0)));
    }

    @Test
    void whileSentinelChangesMastersABrokenLinkIsNoFinding() {
        Scene scene = new Scene(0);
        scene.stand(2, Standing.replica(address(3), "connect", -1));

        assertThat(Assessment.of(scene.snapshot(), true).present()).isEmpty();
        assertThat(Assessment.of(scene.snapshot(), false).present()).hasSize(1);
    }

    @Test
    void anAnswerOlderThanThreeSecondsNoLongerSpeaks() {
        Scene scene = new Scene(0);

        assertThat(new Snapshot(Orders.roster(), scene.nodes, scene.views, at(3_000)).named())
                .isPresent();
        assertThat(new Snapshot(Orders.roster(), scene.nodes, scene.views, at(3_001)).named())
                .isEmpty();
    }

    @Test
    void aSentinelsAnswersAreReadByTheirNames() {
        Map<String, String> master =
                Map.of("ip", "127.0.0.1", "port", "6300", "flags", "master,s_down", "config-epoch", "7");
        Map<String, String> replica = Map.of("ip", "127.0.0.1", "port", "6301", "flags", "s_down,slave,disconnected");
        Map<String, String> other = Map.of("ip", "127.0.0.1", "port", "26301", "flags", "sentinel");
        SentinelView view = new SentinelAnswers(
                        master,
                        "NOQUORUM 1 usable Sentinels. Not enough available Sentinels to reach the majority",
                        List.of(replica, other))
                .view(Orders.S1, at(0));

        assertThat(view.master()).isEqualTo(address(1));
        assertThat(view.configEpoch()).isEqualTo(7);
        assertThat(view.quorumReachable()).isFalse();
        assertThat(view.usable()).isEqualTo(1);
        assertThat(view.seesDown()).containsExactlyInAnyOrder(address(1), address(2));
        assertThat(view.lists()).as("of the replicas alone").containsExactly(address(2));
        assertThat(new SentinelAnswers(Map.of(), "ERR No such master", List.of())
                        .view(Orders.S1, at(0))
                        .master())
                .isNull();
    }

    private static Assessment assess(Consumer<Scene> change) {
        Scene scene = new Scene(0);
        change.accept(scene);
        return Assessment.of(scene.snapshot(), false);
    }

    private static Arguments row(String what, Consumer<Scene> change, Diagnosis diagnosis, String told) {
        return Arguments.of(what, change, diagnosis, told);
    }

    /** The healthy cluster, to be spoiled. */
    private static final class Scene {
        final Map<InstanceId, NodeView> nodes = new LinkedHashMap<>();
        final Map<InstanceId, SentinelView> views = new HashMap<>();
        private final long now;

        Scene(long now) {
            this.now = now;
            Orders.roster().members().values().forEach(member -> {
                NodeView fresh = NodeView.unknown(member, at(0));
                nodes.put(member.id(), fresh.with(fresh.pulse().after(new Reply.Pong(), at(now))));
            });
            stand(1, Standing.master(10, 2));
            stand(2, Standing.replica(address(1), "connected", 10));
            stand(3, Standing.replica(address(1), "connected", 10));
            for (int number = 1; number <= 3; number++) {
                nodes.computeIfPresent(
                        Orders.SENTINELS.get(number - 1), (id, node) -> node.with(Standing.SENTINEL, at(now)));
                view(number, 1, 0);
            }
        }

        void kill(InstanceId id) {
            NodeView node = Objects.requireNonNull(nodes.get(id));
            nodes.put(id, node.with(node.pulse().after(new Reply.Refused(), at(now))));
            views.remove(id);
        }

        void stand(int number, Standing standing) {
            nodes.computeIfPresent(Orders.NODES.get(number - 1), (id, node) -> node.with(standing, at(now)));
        }

        void view(int sentinel, int master, int epoch) {
            views.put(Orders.SENTINELS.get(sentinel - 1), Orders.view(sentinel, master, epoch, at(now)));
        }

        void noQuorum(int sentinel) {
            InstanceId id = Orders.SENTINELS.get(sentinel - 1);
            views.put(id, new SentinelView(id, address(1), 0, Set.of("master"), false, 1, Set.of(), at(now)));
        }

        Snapshot snapshot() {
            return new Snapshot(Orders.roster(), nodes, views, at(now));
        }
    }
}
