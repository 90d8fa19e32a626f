package io.redfleet.monitor.edge.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.codec.Codec;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.FailoverEvent;
import io.redfleet.contracts.event.FleetEvent;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.event.TopologyEvent;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.health.InstanceHealth;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.health.ReplicationRole;
import io.redfleet.contracts.health.Verdict.Diagnosis;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Request;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisTrio;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("peer")
@Timeout(120)
class RemedyOnTheBusTest {
    /** Longer than the period of a PING: otherwise Sentinel may change the master once more, which takes it ten seconds. */
    private static final Duration DOWN_AFTER = Duration.ofSeconds(2);

    private static final Duration WITHIN = Duration.ofSeconds(60);
    private static final InstanceId R1 = new InstanceId("r1/redis-server");
    private static final InstanceId R2 = new InstanceId("r2/redis-server");
    private static final AtomicInteger COMMANDS = new AtomicInteger();

    @Test
    void aDeadReplicaIsAskedForByTwoWitnessesAndNotWhileDisarmed(@TempDir Path home) {
        try (RedisTrio trio = RedisTrio.start("orders", DOWN_AFTER);
                Stage stage = Stage.set(home, "remedy", Duration.ofSeconds(1))) {
            ClusterName cluster = watched(stage, Accepted.stateOf("remedy", trio, DOWN_AFTER));

            Outcome info = stage.order(order(cluster, new Request.ShowInfo("replication")));
            assertThat(((Outcome.Answered) info.result()).body())
                    .contains("\"r1/redis-server\"")
                    .contains("\"role\":\"master\"");

            trio.nodes().get(1).kill9();
            Remediation asked = Await.value(
                    "a request for r2",
                    WITHIN,
                    () -> stage.remediations(cluster).findFirst());
            assertThat(asked.instance()).isEqualTo(R2);
            assertThat(asked.action()).isEqualTo(Remediation.Action.START);
            assertThat(asked.evidence().liveness()).isEqualTo(Liveness.DOWN);
            assertThat(asked.evidence().role()).isEqualTo(ReplicationRole.REPLICA);
            assertThat(asked.evidence().sentinelsSeeingDown()).isGreaterThanOrEqualTo(2);
            assertThat(asked.evidence().master())
                    .isEqualTo(Accepted.stateOf("remedy", trio, DOWN_AFTER)
                            .spec()
                            .members()
                            .getFirst()
                            .endpoint());
            stage.await(
                    cluster,
                    WatchEvent.RestartRequested.class,
                    fact -> R2.equals(fact.about().instance()));

            trio.nodes().get(1).restart();
            var restarted = stage.await(cluster, InstanceEvent.Restarted.class, fact -> true);
            assertThat(((InstanceEvent.Restarted) restarted.event()).runIdBefore())
                    .isEqualTo(asked.evidence().runId());
            stage.awaitHealth(cluster, health -> health.verdict().diagnosis() == Diagnosis.HEALTHY);

            Outcome disarmed = stage.order(order(ClusterName.FLEET, new Request.Disarm("a drill")));
            FleetBrake brake = brake(disarmed);
            assertThat(brake.disarmed()).isTrue();
            assertThat(disarmed.positions())
                    .singleElement()
                    .satisfies(position -> assertThat(position.topic()).isEqualTo(Topic.HEALTH.fullName()));
            stage.await(ClusterName.FLEET, FleetEvent.Disarmed.class, fact -> true);
            long before = stage.remediations(cluster).count();
            trio.nodes().get(1).kill9();
            stage.await(
                    cluster,
                    WatchEvent.WouldHave.class,
                    fact -> R2.equals(fact.about().instance()));
            assertThat(stage.remediations(cluster).count()).isEqualTo(before);

            assertThat(brake(stage.order(order(ClusterName.FLEET, new Request.Rearm("over"))))
                            .disarmed())
                    .isFalse();
            Await.until(
                    "a request after rearming",
                    WITHIN,
                    () -> stage.remediations(cluster).count() > before);

            Outcome unmonitored = stage.order(order(cluster, new Request.Unmonitor(R2)));
            assertThat(unmonitored.result()).isInstanceOf(Outcome.Answered.class);
            assertThat(stage.awaitHealth(cluster, health -> !monitored(health, R2)))
                    .matches(health -> monitored(health, R1));
            Outcome late = stage.order(new Order(
                    new CommandId("late-" + COMMANDS.incrementAndGet()),
                    cluster,
                    new Actor("test", "t1"),
                    Instant.now(),
                    Instant.now().minusSeconds(1),
                    new Request.Monitor(null)));
            assertThat(late.result()).isInstanceOf(Outcome.Refused.class);
        }
    }

    @Test
    void aMonitorThatWasAwayTellsTheFailoverItMissedAndTheReturnOfTheOldMaster(@TempDir Path home) {
        try (RedisTrio trio = RedisTrio.start("orders", DOWN_AFTER);
                Stage stage = Stage.set(home, "away", Duration.ofSeconds(1))) {
            ClusterState state = Accepted.stateOf("away", trio, DOWN_AFTER);
            ClusterName cluster = watched(stage, state);

            stage.monitor().close();
            trio.nodes().getFirst().kill9();
            trio.awaitSwitchOver(trio.nodes().getFirst(), WITHIN);
            stage.startMonitor();

            var switched = stage.await(cluster, FailoverEvent.Switched.class, fact -> true);
            assertThat(((FailoverEvent.Switched) switched.event()).inferred()).isTrue();
            stage.await(cluster, FailoverEvent.Completed.class, fact -> true);
            stage.await(
                    cluster,
                    InstanceEvent.Down.class,
                    fact -> R1.equals(fact.about().instance()));
            assertThat(stage.facts(cluster)
                            .filter(fact -> fact.event() instanceof InstanceEvent.Up)
                            .count())
                    .as("who was up before and is up now is not told anew")
                    .isEqualTo(6);

            Remediation asked = Await.value(
                    "a request for the old master",
                    WITHIN,
                    () -> stage.remediations(cluster).findFirst());
            assertThat(asked.instance()).isEqualTo(R1);
            assertThat(asked.evidence().role()).isEqualTo(ReplicationRole.MASTER);
            assertThat(asked.evidence().master())
                    .isNotEqualTo(state.spec().members().getFirst().endpoint());
        }
    }

    @Test
    void aHungMasterIsToldAndItsReturnAsWell(@TempDir Path home) {
        try (RedisTrio trio = RedisTrio.start("orders", Duration.ofSeconds(20));
                Stage stage = Stage.set(home, "hung", Duration.ofSeconds(1))) {
            ClusterName cluster = watched(stage, Accepted.stateOf("hung", trio, Duration.ofSeconds(20)));

            trio.nodes().getFirst().freeze();
            stage.await(
                    cluster,
                    InstanceEvent.Hung.class,
                    fact -> R1.equals(fact.about().instance()));
            stage.awaitHealth(cluster, health -> health.verdict().diagnosis() == Diagnosis.MASTER_SILENT);
            trio.nodes().getFirst().thaw();
            stage.await(
                    cluster,
                    InstanceEvent.Responding.class,
                    fact -> R1.equals(fact.about().instance()));

            trio.sentinels().get(1).kill9();
            trio.sentinels().get(2).kill9();
            stage.await(cluster, TopologyEvent.QuorumLost.class, fact -> true);
            trio.sentinels().get(1).restart();
            stage.await(cluster, TopologyEvent.QuorumRestored.class, fact -> true);
            assertThat(stage.remediations(cluster).map(Remediation::instance)).doesNotContain(R1);
        }
    }

    @Test
    void aClustersOwnRulesSayWhenARestartIsAskedForAndWhatItIsCalled(@TempDir Path home) {
        String rules = """
                check process redis-server with pidfile "/var/run/redis.pid"
                    start program = "/etc/init.d/redis-server start" with timeout 2 seconds
                    if failed host 127.0.0.1 port 6379 for 3 cycles then restart
                    if 5 restarts within 5 cycles then timeout
                """;
        try (RedisTrio trio = RedisTrio.start("orders", Duration.ofSeconds(20));
                Stage stage = Stage.set(home, "rules", Duration.ofSeconds(1))) {
            ClusterState state = Accepted.stateOf("rules", trio, Duration.ofSeconds(20));
            ClusterName cluster = watched(stage, Accepted.under(state, rules));

            trio.nodes().get(1).kill9();
            var failed = stage.await(
                    cluster,
                    WatchEvent.CheckFailed.class,
                    fact -> R2.equals(fact.about().instance()));
            assertThat(failed.event())
                    .isEqualTo(new WatchEvent.CheckFailed("failed host \"127.0.0.1\" port 6379 for 3 cycles", 3, 3));
            trio.nodes().get(1).restart();
            stage.await(
                    cluster,
                    WatchEvent.CheckSucceeded.class,
                    fact -> R2.equals(fact.about().instance()));

            trio.sentinels().get(2).kill9();
            var sentinel = stage.await(
                    cluster,
                    WatchEvent.CheckFailed.class,
                    fact -> !R2.equals(fact.about().instance()));
            assertThat(sentinel.event())
                    .as("no rules of its own: the default")
                    .isEqualTo(new WatchEvent.CheckFailed("failed connection", 1, 1));
        }
    }

    private static ClusterName watched(Stage stage, ClusterState state) {
        stage.put(state);
        stage.awaitReady();
        stage.awaitHealth(state.name(), health -> health.verdict().diagnosis() == Diagnosis.HEALTHY);
        return state.name();
    }

    private static boolean monitored(ClusterHealth health, InstanceId instance) {
        InstanceHealth known = health.instances().get(instance);
        return known != null && known.monitored();
    }

    private static FleetBrake brake(Outcome outcome) {
        try {
            byte[] body =
                    ((Outcome.Answered) outcome.result()).body().getBytes(java.nio.charset.StandardCharsets.UTF_8);
            return Codec.read(body, FleetBrake.class);
        } catch (io.redfleet.bus.codec.Unreadable e) {
            throw new AssertionError(outcome.toString(), e);
        }
    }

    private static Order order(ClusterName cluster, Request request) {
        Instant now = Instant.now();
        return new Order(
                new CommandId("order-" + COMMANDS.incrementAndGet() + "-" + now.toEpochMilli()),
                cluster,
                new Actor("test", "t1"),
                now,
                now.plusSeconds(10),
                request);
    }
}
