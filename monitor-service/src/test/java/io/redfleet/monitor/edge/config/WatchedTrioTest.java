package io.redfleet.monitor.edge.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.FailoverEvent;
import io.redfleet.contracts.event.FailoverReport;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.ReplicationRole;
import io.redfleet.contracts.health.Verdict.Diagnosis;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisTrio;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("peer")
@Timeout(120)
class WatchedTrioTest {
    /** More than the second between two PINGs: else a new master can count as down before it was asked once. */
    private static final Duration DOWN_AFTER = Duration.ofSeconds(2);

    @Test
    void whatIsWatchedIsShownAsFigures(@TempDir Path home) {
        try (RedisTrio trio = RedisTrio.start("orders", DOWN_AFTER);
                Stage stage = Stage.set(home, "figures", Duration.ofSeconds(1))) {
            stage.put(Accepted.stateOf("figures", trio, DOWN_AFTER));

            Await.until(
                    "figures of every instance",
                    Duration.ofSeconds(30),
                    () -> stage.metrics().find("redis_up").tag("cluster", "figures").gauges().stream()
                                    .filter(gauge -> gauge.value() == 1)
                                    .count()
                            == 6);
            assertThat(stage.metrics()
                            .get("redis_connected_slaves")
                            .tag("instance", "r1/redis-server")
                            .tag("role", "master")
                            .gauge()
                            .value())
                    .isEqualTo(2);
        }
    }

    @Test
    void theDeathOfAMasterIsToldAtOnceAndItsFailoverAsOneStory(@TempDir Path home) {
        try (RedisTrio trio = RedisTrio.start("orders", DOWN_AFTER);
                Stage stage = Stage.set(home, "death", Duration.ofSeconds(1))) {
            ClusterState state = Accepted.stateOf("death", trio, DOWN_AFTER);
            ClusterName cluster = state.name();
            stage.put(state);
            stage.awaitReady();
            stage.awaitHealth(cluster, health -> health.verdict().diagnosis() == Diagnosis.HEALTHY);

            long killed = System.nanoTime();
            trio.nodes().getFirst().kill9();

            long told = stage.arrival(cluster, InstanceEvent.Down.class);
            assertThat(TimeUnit.NANOSECONDS.toMillis(told - killed))
                    .as("ms from SIGKILL to instance.down on Kafka")
                    .isLessThan(1_000);
            InstanceId master = new InstanceId("r1/redis-server");
            var down = stage.await(cluster, InstanceEvent.Down.class, fact -> true);
            assertThat(down.about().instance()).isEqualTo(master);
            assertThat(down.event())
                    .isInstanceOfSatisfying(
                            InstanceEvent.Down.class,
                            event -> assertThat(event)
                                    .extracting(InstanceEvent.Down::liveness, InstanceEvent.Down::lastRole)
                                    .containsExactly(Liveness.DOWN, ReplicationRole.MASTER));

            stage.await(cluster, FailoverEvent.Completed.class, fact -> true);
            assertThat(stage.facts(cluster)
                            .map(fact -> fact.event().getClass().getSimpleName())
                            .filter(name -> !name.equals("Published")))
                    .containsSubsequence(
                            "Down", "Started", "LeaderElected", "ReplicaSelected", "Promoted", "Switched", "Completed");
            assertThat(stage.facts(cluster).filter(fact -> fact.event() instanceof FailoverEvent.Switched))
                    .as("one switch is told once, though three Sentinels publish it")
                    .hasSize(1);
            FailoverReport report = stage.facts(cluster)
                    .map(fact -> fact.event())
                    .filter(FailoverEvent.Completed.class::isInstance)
                    .map(event -> ((FailoverEvent.Completed) event).report())
                    .findFirst()
                    .orElseThrow();
            assertThat(report.inferred()).isFalse();
            assertThat(report.writeOutageMillis()).isBetween(1_000L, 15_000L);
            assertThat(report.addressOutageMillis()).isGreaterThanOrEqualTo(report.writeOutageMillis());
            assertThat(report.lossBoundBytes()).isNotNegative();
            assertThat(report.timeline().getFirst().what()).contains("refuses connections");
        }
    }
}
