package io.redfleet.monitor.edge.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.SentinelSpec;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.health.Verdict.Diagnosis;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.FreePort;
import io.redfleet.testkit.RedisNode;
import io.redfleet.testkit.RedisTrio;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From SIGKILL until the event has been read back from the broker, which is later than its ack. */
@Tag("long")
@Timeout(300)
class SpeedTest {
    private static final int KILLS = 30;
    private static final int SWITCHES = 1_000;

    @Test
    void aKilledReplicaIsOnTheBusWithinFiftyMilliseconds(@TempDir Path home) {
        Duration downAfter = Duration.ofSeconds(30);
        try (RedisTrio trio = RedisTrio.start("orders", downAfter);
                Stage stage = Stage.set(home, "speed", Duration.ofMinutes(10))) {
            ClusterState state = Accepted.stateOf("speed", trio, downAfter);
            ClusterName cluster = state.name();
            stage.put(state);
            stage.awaitReady();
            stage.awaitHealth(cluster, health -> health.verdict().diagnosis() == Diagnosis.HEALTHY);
            List<Double> millis = new ArrayList<>();
            for (int i = 1; i <= KILLS; i++) {
                RedisNode victim = trio.nodes().get(1 + i % 2);
                int wanted = i;
                long killed = System.nanoTime();
                victim.kill9();
                long told = Await.value(
                        "down number " + i,
                        Duration.ofSeconds(10),
                        () -> stage.arrivals(cluster, InstanceEvent.Down.class)
                                .skip(wanted - 1L)
                                .findFirst());
                millis.add((told - killed) / 1e6);
                victim.restart();
                Await.until(
                        "up number " + i,
                        Duration.ofSeconds(10),
                        () -> stage.arrivals(cluster, InstanceEvent.Up.class).count() == 6 + wanted);
            }
            double first = millis.getFirst();
            Collections.sort(millis);
            System.out.printf(
                    "SIGKILL to instance.down read back, n=%d: first %.1f ms, median %.1f, p90 %.1f, max %.1f%n",
                    KILLS, first, millis.get(KILLS / 2), millis.get(KILLS * 9 / 10), millis.getLast());
            assertThat(millis.get(KILLS / 2)).isLessThan(50);
        }
    }

    @Test
    void aPublishedSwitchIsOnTheBusWithinTwentyMilliseconds(@TempDir Path home) throws IOException {
        List<Integer> nodes = List.of(FreePort.choose(), FreePort.choose(), FreePort.choose());
        try (ScriptedSentinel first = new ScriptedSentinel("orders", nodes.getFirst());
                ScriptedSentinel second = new ScriptedSentinel("orders", nodes.getFirst());
                ScriptedSentinel third = new ScriptedSentinel("orders", nodes.getFirst());
                Stage stage = Stage.set(home, "switch-speed", Duration.ofMinutes(10))) {
            SentinelSpec told = new SentinelSpec("orders", 2, Duration.ofSeconds(5), Duration.ofSeconds(60), 1);
            List<Integer> sentinels = List.of(first.port(), second.port(), third.port());
            ClusterState state = Accepted.stateOf("switches", nodes, sentinels, told);
            ClusterName cluster = state.name();
            stage.put(state);
            stage.awaitReady();
            Await.until("a subscription", Duration.ofSeconds(10), first::heard);
            stage.awaitHealth(cluster, health -> health.counters().containsKey("failover completed"));
            List<Double> millis = new ArrayList<>();
            for (int epoch = 1; epoch <= SWITCHES; epoch++) {
                int from = nodes.get((epoch - 1) % 2);
                int to = nodes.get(epoch % 2);
                first.publish("+new-epoch", String.valueOf(epoch));
                long said = System.nanoTime();
                first.publish("+switch-master", "orders 127.0.0.1 " + from + " 127.0.0.1 " + to);
                millis.add((stage.switchOf(cluster, epoch) - said) / 1e6);
            }
            double cold = millis.getFirst();
            Collections.sort(millis);
            System.out.printf(
                    "+switch-master to failover.switched read back, n=%d: first %.1f ms, median %.1f, p99 %.1f, max %.1f%n",
                    SWITCHES, cold, millis.get(SWITCHES / 2), millis.get(SWITCHES * 99 / 100), millis.getLast());
            assertThat(millis.get(SWITCHES / 2)).isLessThan(20);
        }
    }
}
