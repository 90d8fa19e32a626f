package io.redfleet.monitor.watch;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.cluster.WatchMode;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.FailoverEvent;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.event.SentinelEvent;
import io.redfleet.contracts.event.TopologyEvent;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.health.ReplicationRole;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.probe.Figures;
import io.redfleet.monitor.probe.Reply;
import io.redfleet.monitor.probe.Standing;
import io.redfleet.monitor.remedy.Brakes;
import io.redfleet.monitor.roster.Roster;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** One cluster, watched through what a test lets be seen. */
class ClusterWatchTest {
    private final Watched watched = new Watched();

    /** One Sentinel may watch the masters of several clusters. */
    @Test
    void whatASentinelSaysOfAnotherClustersMasterIsNotToldAsThisOnes() {
        watched.well(1_000);
        watched.published("+new-epoch", "7", 2_000);
        watched.published("+sdown", "master billing 127.0.0.1 6400", 2_010);
        watched.published("+try-failover", "master billing 127.0.0.1 6400", 2_020);
        watched.published("+sdown", "slave 127.0.0.1:6401 127.0.0.1 6401 @ billing 127.0.0.1 6400", 2_030);
        watched.published("+switch-master", "billing 127.0.0.1 6400 127.0.0.1 6401", 3_000);
        watched.published("+sdown", "master orders 127.0.0.1 6300", 4_000);

        assertThat(watched.facts).extracting(Fact::event).noneMatch(FailoverEvent.class::isInstance);
        assertThat(watched.told(Orders.S1))
                .filteredOn(SentinelEvent.Published.class::isInstance)
                .extracting(event -> ((SentinelEvent.Published) event).payload())
                .containsExactly("7", "master orders 127.0.0.1 6300");
    }

    @Test
    void theRestartOfAHungInstanceEndsWhatItsHangingBegan() {
        watched.well(1_000);
        watched.answer(Orders.R2, new Reply.Silent(), 2_000, 3_000, 4_000);
        assertThat(watched.told(Orders.R2)).last().isInstanceOf(InstanceEvent.Hung.class);

        watched.operated("remedy", Set.of(Orders.R2), 5_000);
        watched.answer(Orders.R2, new Reply.Refused(), 6_000);
        assertThat(watched.told(Orders.R2))
                .as("stopped by the operation")
                .last()
                .isInstanceOf(InstanceEvent.Hung.class);
        watched.answer(Orders.R2, new Reply.Pong(), 7_000);

        assertThat(watched.told(Orders.R2)).last().isInstanceOf(InstanceEvent.Up.class);
    }

    @Test
    void whatAnOperationStopsAndStartsIsNotToldAtAll() {
        watched.well(1_000);
        watched.operated("restart", Set.of(Orders.R2), 2_000);
        int before = watched.told(Orders.R2).size();

        watched.answer(Orders.R2, new Reply.Refused(), 3_000);
        watched.answer(Orders.R2, new Reply.Pong(), 4_000);

        assertThat(watched.told(Orders.R2)).hasSize(before);
    }

    @Test
    void aConditionThatEndsWhileNobodyWatchesIsToldToHaveEnded() {
        watched.well(1_000);
        watched.quorum(false, 2_000);
        watched.quorum(false, 6_000);
        assertThat(conditions()).containsExactly("QuorumLost");

        watched.monitored(false, 7_000);
        watched.quorum(true, 8_000);

        assertThat(conditions()).containsExactly("QuorumLost", "QuorumRestored");
    }

    @Test
    void aConditionThatBeginsWhileNobodyWatchesIsToldOnceSomebodyDoes() {
        watched.well(1_000);
        watched.monitored(false, 1_500);
        watched.quorum(false, 2_000);
        watched.quorum(false, 6_000);
        watched.quorum(true, 7_000);
        assertThat(conditions()).as("begun and ended unwatched").isEmpty();
        watched.quorum(false, 8_000);
        watched.quorum(false, 12_000);

        watched.monitored(true, 13_000);
        watched.quorum(false, 13_500);

        assertThat(conditions()).containsExactly("QuorumLost");
    }

    /** Another's Sentinels may answer at its addresses; of a cluster that stood, a failed operation changes nothing. */
    @Test
    void aClusterThatFailedBeforeItStoodHasNoConditions() {
        ClusterState failed = Orders.state("orders", Phase.FAILED, WatchMode.AUTO);
        for (Long applied : Arrays.asList(0L, 1L, null)) {
            ClusterState state = new ClusterState(
                    failed.schema(), failed.uid(), 2, failed.phase(), "", failed.since(), failed.spec(), applied);
            Watched one = new Watched();
            one.watch = ClusterWatch.fresh(Roster.of(state), Orders.at(0));
            one.well(1_000);
            one.quorum(false, 2_000);
            one.quorum(false, 6_000);
            boolean lost = one.facts.stream().anyMatch(fact -> fact.event() instanceof TopologyEvent.QuorumLost);
            assertThat(lost).as("applied " + applied).isEqualTo(applied == null || applied > 0);
        }
    }

    @Test
    void aNodeThatCallsItselfAnotherRoleIsToldOf() {
        watched.well(1_000);
        watched.see(new Observation.Stood(Orders.R2, Standing.master(100, 0)), 2_000);
        watched.see(new Observation.Stood(Orders.R2, Standing.master(100, 0)), 3_000);
        assertThat(watched.told(Orders.R2))
                .filteredOn(InstanceEvent.RoleChanged.class::isInstance)
                .containsExactly(new InstanceEvent.RoleChanged(ReplicationRole.REPLICA, ReplicationRole.MASTER));
    }

    @Test
    void aReplicaWhoseLinkIsDownForTenSecondsIsBrokenUntilItFollowsAgain() {
        watched.well(1_000);
        Standing lost = Standing.replica(Orders.address(1), "connect", 100);
        for (long millis = 2_000; millis <= 11_000; millis += 1_000) {
            look(lost, millis);
        }
        assertThat(conditions()).isEmpty();
        look(lost, 12_000);
        assertThat(conditions()).containsExactly("ReplicaBroken");
        look(Standing.replica(Orders.address(1), "connected", 100), 13_000);
        assertThat(conditions()).containsExactly("ReplicaBroken", "ReplicaRestored");
    }

    /** Everyone answers and agrees; the second node says this of itself. */
    private void look(Standing second, long millis) {
        Orders.NODES.forEach(node -> watched.answer(node, new Reply.Pong(), millis));
        watched.views(Set.of(), true, millis);
        watched.see(new Observation.Stood(Orders.R2, second), millis);
        watched.see(new Observation.Looked(), millis);
    }

    @Test
    void whereNoRunIdCanBeReadAnUptimeThatFellIsARestart() {
        watched.well(1_000);
        watched.see(new Observation.Figured(Orders.R2, uptime(100)), 2_000);
        watched.see(new Observation.Figured(Orders.R2, uptime(110)), 12_000);
        assertThat(watched.told(Orders.R2)).noneMatch(InstanceEvent.Restarted.class::isInstance);
        watched.see(new Observation.Figured(Orders.R2, uptime(5)), 22_000);
        assertThat(watched.told(Orders.R2)).last().isInstanceOf(InstanceEvent.Restarted.class);
    }

    private static Figures uptime(int seconds) {
        return new Figures(Map.of("uptime_in_seconds", Integer.toString(seconds)));
    }

    private java.util.List<String> conditions() {
        return watched.facts.stream()
                .map(fact -> fact.event())
                .filter(TopologyEvent.class::isInstance)
                .map(Event::getClass)
                .map(Class::getSimpleName)
                .toList();
    }

    @Test
    void whatNobodyTriesIsAskedForOnceInThirtySecondsAndNeverGivenUp() {
        dead(2_000);
        for (long millis = 5_000; millis < 305_000; millis += 5_000) {
            watched.views(Set.of(Orders.R2), true, millis);
            watched.cycle(millis);
        }

        assertThat(watched.asks).hasSize(10);
        assertThat(watched.told(Orders.R2)).noneMatch(WatchEvent.LimitReached.class::isInstance);
        assertThat(watched.brakes.tried()).isEmpty();
    }

    @Test
    void fiveRestartsThatWereTriedWithinFiveCyclesAreTheEndOfIt() {
        dead(2_000);
        for (long millis = 5_000; millis <= 25_000; millis += 5_000) {
            watched.views(Set.of(Orders.R2), true, millis);
            watched.cycle(millis);
            assertThat(watched.told(Orders.R2)).noneMatch(WatchEvent.LimitReached.class::isInstance);
            watched.tried(millis + 1_000);
        }
        assertThat(watched.asks).hasSize(5);
        assertThat(watched.brakes.tried()).hasSize(5);

        watched.cycle(30_000);

        assertThat(watched.told(Orders.R2)).contains(new WatchEvent.LimitReached(5, 5));
    }

    @Test
    void thatItWasGivenUpIsToldAgainUntilSomebodyLooks() {
        givenUp();
        assertThat(reached()).isEqualTo(1);

        long quarter = GivenUp.REMINDS.toMillis();
        for (long millis = 35_000; millis <= 30_000 + 2 * quarter + 5_000; millis += 5_000) {
            watched.cycle(millis);
        }
        assertThat(reached()).isEqualTo(3);
        assertThat(watched.facts.stream().map(fact -> fact.id())).doesNotHaveDuplicates();

        ClusterHealth health =
                HealthRecord.of(watched.watch, at(40_000 + 2 * quarter).wall(), null);
        watched.watch = HealthRecord.restore(Orders.roster(), health, at(50_000 + 2 * quarter));
        watched.cycle(60_000 + 2 * quarter);
        assertThat(reached()).as("not earlier for having a new owner").isEqualTo(3);
        watched.cycle(60_000 + 3 * quarter);
        assertThat(reached()).isEqualTo(4);

        watched.monitored(false, 61_000 + 3 * quarter);
        watched.cycle(70_000 + 5 * quarter);
        assertThat(reached()).as("somebody knows").isEqualTo(4);
    }

    private long reached() {
        return watched.told(Orders.R2).stream()
                .filter(WatchEvent.LimitReached.class::isInstance)
                .count();
    }

    private void givenUp() {
        dead(2_000);
        for (long millis = 5_000; millis <= 25_000; millis += 5_000) {
            watched.views(Set.of(Orders.R2), true, millis);
            watched.cycle(millis);
            watched.tried(millis + 1_000);
        }
        watched.cycle(30_000);
    }

    @Test
    void aRestartThatWasWithheldDoesNotCount() {
        dead(2_000);
        watched.views(Set.of(Orders.R2), true, 5_000);
        watched.cycle(5_000);
        Remediation asked = watched.asks.getLast();
        OperationId id = OperationId.of(asked.askedAt(), asked.id());
        watched.see(new Observation.Operated(Watched.withheld(id)), 6_000);

        assertThat(watched.watch.instances().get(Orders.R2))
                .satisfies(watch -> assertThat(watch.window().restarts()).isZero());
        watched.views(Set.of(Orders.R2), true, 10_000);
        watched.cycle(10_000);
        assertThat(watched.asks).hasSize(1);
    }

    @Test
    void anotherDeathIsAskedForAtOnce() {
        dead(2_000);
        watched.views(Set.of(Orders.R2), true, 5_000);
        watched.cycle(5_000);
        watched.answer(Orders.R2, new Reply.Pong(), 6_000);
        watched.cycle(10_000);
        dead(11_000);
        watched.views(Set.of(Orders.R2), true, 15_000);
        watched.cycle(15_000);

        assertThat(watched.asks).hasSize(2);
    }

    @Test
    void aNewOwnerWaitsForWhatTheFormerOneAskedFor() {
        dead(2_000);
        ClusterHealth health = HealthRecord.of(watched.watch, at(4_000).wall(), null);
        watched.facts.clear();
        watched.views(Set.of(Orders.R2), true, 5_000);
        watched.cycle(5_000);

        watched.watch =
                Folding.fold(HealthRecord.restore(Orders.roster(), health, at(8_000)), watched.facts, at(8_000));
        watched.brakes = Brakes.OFF;
        watched.views(Set.of(Orders.R2), true, 10_000);
        watched.cycle(10_000);
        assertThat(watched.asks).hasSize(1);
        watched.tried(11_000);

        assertThat(watched.watch.instances().get(Orders.R2))
                .satisfies(watch -> assertThat(watch.window().restarts()).isEqualTo(1));
        assertThat(watched.brakes.tried()).hasSize(1);
    }

    @Test
    void whatTheFormerOwnerAskedForIsKnownFromItsHealthAlone() {
        dead(2_000);
        watched.views(Set.of(Orders.R2), true, 5_000);
        watched.cycle(5_000);
        ClusterHealth health = HealthRecord.of(watched.watch, at(6_000).wall(), null);

        watched.watch = HealthRecord.restore(Orders.roster(), health, at(8_000));
        watched.brakes = Brakes.OFF;
        watched.views(Set.of(Orders.R2), true, 10_000);
        watched.cycle(10_000);
        assertThat(watched.asks).hasSize(1);
        watched.tried(11_000);

        assertThat(watched.watch.instances().get(Orders.R2))
                .satisfies(watch -> assertThat(watch.window().restarts()).isEqualTo(1));
        assertThat(HealthRecord.of(watched.watch, at(12_000).wall(), null).counters())
                .as("what was tried waits no longer")
                .isEqualTo(watched.watch.counters());
    }

    @Test
    void replicasThatMayNeverBePromotedAreNoReasonToWait() {
        watched.watch = ClusterWatch.fresh(Roster.of(Orders.state("orders", Phase.READY, WatchMode.AUTO, 0)), at(0));
        masterDies();

        assertThat(watched.asks).singleElement().satisfies(asked -> {
            assertThat(asked.instance()).isEqualTo(Orders.R1);
            assertThat(asked.reason()).contains("no replica lives that may be promoted");
        });
    }

    @Test
    void aPriorityThatTheReplicasTellThemselvesCounts() {
        watched.well(500);
        Figures never = new Figures(Map.of("run_id", "x", "slave_priority", "0"));
        watched.see(new Observation.Figured(Orders.R2, never), 600);
        watched.see(new Observation.Figured(Orders.R3, never), 600);
        masterDies();

        assertThat(watched.asks).extracting(Remediation::instance).containsExactly(Orders.R1);
    }

    @Test
    void aMasterThatSentinelCouldNotReplaceIsAskedFor() {
        masterDies();
        assertThat(watched.asks).as("Sentinel's to replace").isEmpty();

        watched.published("+new-epoch", "2", 16_000);
        watched.published("+try-failover", "master orders 127.0.0.1 6300", 16_000);
        watched.published("+elected-leader", "master orders 127.0.0.1 6300", 16_100);
        watched.cycle(16_200);
        assertThat(watched.asks).as("Sentinel is at it").isEmpty();
        watched.published("-failover-abort-no-good-slave", "master orders 127.0.0.1 6300", 16_300);
        watched.views(Set.of(Orders.R1), true, 16_900);
        watched.cycle(17_000);

        assertThat(watched.asks).singleElement().satisfies(asked -> {
            assertThat(asked.instance()).isEqualTo(Orders.R1);
            assertThat(asked.reason()).contains("found no good replica");
        });
    }

    /** The master's first answer comes when the Sentinels have already named it, and is no part of its death. */
    @Test
    void theTimelineOfAFailoverBeginsWithTheDeath() {
        watched.views(Set.of(), true, 500);
        watched.well(1_000);
        watched.answer(Orders.R1, new Reply.Refused(), 3_000);
        watched.published("+sdown", "master orders 127.0.0.1 6300", 5_000);
        watched.published("+new-epoch", "2", 5_100);
        watched.published("+try-failover", "master orders 127.0.0.1 6300", 5_100);
        watched.published("+switch-master", "orders 127.0.0.1 6300 127.0.0.1 6301", 6_000);
        watched.failedOver(9_000);

        assertThat(watched.reports()).singleElement().satisfies(report -> {
            assertThat(report.timeline().getFirst().what()).contains("r1/redis-server refuses connections");
            assertThat(report.startedAt()).isEqualTo(at(3_000).wall());
        });
    }

    /** Trouble that passed is no sign of the one that comes. */
    @Test
    void aFalseAlarmBeforeTheDeathIsNoPartOfIt() {
        watched.well(1_000);
        watched.answer(Orders.R1, new Reply.Refused(), 2_000);
        watched.answer(Orders.R1, new Reply.Pong(), 2_200);
        watched.answer(Orders.R1, new Reply.Refused(), 4_000);
        watched.published("+new-epoch", "2", 6_100);
        watched.published("+try-failover", "master orders 127.0.0.1 6300", 6_100);
        watched.published("+switch-master", "orders 127.0.0.1 6300 127.0.0.1 6301", 7_000);
        watched.failedOver(10_000);

        assertThat(watched.reports())
                .singleElement()
                .satisfies(report ->
                        assertThat(report.startedAt()).isEqualTo(at(4_000).wall()));
    }

    private void masterDies() {
        watched.well(1_000);
        watched.answer(Orders.R1, new Reply.Refused(), 2_000);
        for (long millis = 5_000; millis <= 15_000; millis += 5_000) {
            watched.stand(millis);
            watched.views(Set.of(Orders.R1), true, millis);
            watched.cycle(millis);
        }
    }

    private void dead(long millis) {
        watched.well(millis - 500);
        watched.answer(Orders.R2, new Reply.Refused(), millis);
    }
}
