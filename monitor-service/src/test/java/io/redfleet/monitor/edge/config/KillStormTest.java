package io.redfleet.monitor.edge.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Monitors and Redis die at random moments; the test knows whom it killed. {@code -Dseed=N} plays one again. */
@Tag("long")
@Timeout(480)
class KillStormTest {
    private static final int KILLS = 50;
    private static final List<String> NAMES = List.of("storm-one", "storm-two", "storm-three");

    private record Killed(InstanceId instance, String run) {}

    @Test
    void fiftyDeathsOfAMonitorLoseNothingAndTellNothingUnderASecondId(@TempDir Path directory) {
        long seed = Long.getLong("seed", 20_261_125L);
        Random chance = new Random(seed);
        List<Killed> killed = new ArrayList<>();
        try (Watchmen watchmen = Watchmen.posted(directory, NAMES)) {
            Map<Integer, Long> deadUntil = new HashMap<>();
            int deaths = 0;
            while (deaths < KILLS) {
                MonitorChild victim = watchmen.monitors.get(chance.nextInt(2));
                pass(watchmen, chance, deadUntil, killed, 300 + chance.nextInt(3_000));
                victim.kill9();
                deaths++;
                // Mostly back before its session is over, sometimes not.
                pass(watchmen, chance, deadUntil, killed, chance.nextInt(8) == 0 ? 8_000 : chance.nextInt(1_500));
                victim.startAgain();
            }
            raise(watchmen, deadUntil, Long.MAX_VALUE);
            watchmen.monitors.forEach(MonitorChild::awaitReady);
            watchmen.awaitHealthy();
            System.out.printf("seed %d: %d monitors and %d nodes killed%n", seed, deaths, killed.size());
            NAMES.forEach(name -> check(watchmen.stage, new ClusterName(name), killed));
        }
    }

    /** A while in which nodes may die and come back. */
    private static void pass(
            Watchmen watchmen, Random chance, Map<Integer, Long> deadUntil, List<Killed> killed, long millis) {
        long end = System.nanoTime() + millis * 1_000_000;
        long next = System.nanoTime() + chance.nextInt(2_000) * 1_000_000L;
        boolean[] struck = new boolean[1];
        Await.until("the while is over", Duration.ofMillis(millis + 20_000), () -> {
            raise(watchmen, deadUntil, System.nanoTime());
            if (!struck[0] && System.nanoTime() >= next && deadUntil.isEmpty()) {
                struck[0] = true;
                strike(watchmen, chance, deadUntil, killed);
            }
            return System.nanoTime() >= end;
        });
    }

    private static void strike(Watchmen watchmen, Random chance, Map<Integer, Long> deadUntil, List<Killed> killed) {
        int index = chance.nextInt(3);
        RedisNode node = watchmen.trio.nodes().get(index);
        Optional<String> run = node.ask("INFO", "server")
                .flatMap(text ->
                        text.lines().filter(line -> line.startsWith("run_id:")).findFirst());
        node.kill9();
        run.ifPresent(line -> killed.add(new Killed(
                Watchmen.node(index + 1), line.substring("run_id:".length()).strip())));
        deadUntil.put(index, System.nanoTime() + (300 + chance.nextInt(4_000)) * 1_000_000L);
    }

    private static void raise(Watchmen watchmen, Map<Integer, Long> deadUntil, long now) {
        deadUntil.entrySet().removeIf(dead -> {
            boolean due = now >= dead.getValue();
            if (due) {
                watchmen.trio.nodes().get(dead.getKey()).startAgain();
            }
            return due;
        });
    }

    private static void check(Stage stage, ClusterName cluster, List<Killed> killed) {
        Await.until(
                "a whole account of " + cluster,
                Watchmen.WITHIN,
                () -> Account.of(stage, cluster).faults().isEmpty());
        Account account = Account.of(stage, cluster);
        List<Killed> unseen = killed.stream()
                .filter(one -> !account.tellsTheEndOf(one.instance(), one.run()))
                .toList();
        List<Killed> lost = unseen.stream()
                .filter(one -> account.tellsTheBeginningOf(one.instance(), one.run()))
                .toList();
        System.out.printf(
                "%s: in %d, out %d records, %d facts, %d repeats, %d lost, %d runs that nobody saw; term %s%n",
                cluster,
                killed.size(),
                account.records(),
                account.facts().size(),
                account.repeats(),
                lost.size(),
                unseen.size() - lost.size(),
                stage.health(cluster).orElseThrow().term());
        assertThat(lost).isEmpty();
    }
}
