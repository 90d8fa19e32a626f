package io.redfleet.monitor.edge.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.FailoverEvent;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kafka dies by SIGKILL in the middle of a failover, for half a minute. {@code -Dseed=N} plays a run again. */
@Tag("long")
@Timeout(480)
class BrokerDeathTest {
    private static final Duration AWAY = Duration.ofSeconds(30);
    /** A broker that was killed reads its log again, and its groups wait for their members. */
    private static final Duration BACK = Duration.ofSeconds(90);

    private static final List<String> NAMES = List.of("cut-one", "cut-two", "cut-three");

    /** What has been told when the broker dies: each is further on in the failover than the one before. */
    private static final List<Class<? extends Event>> MOMENTS =
            List.of(InstanceEvent.Down.class, FailoverEvent.Started.class, FailoverEvent.Switched.class);

    /** One outage of a master, and when the broker was there again. */
    private record Outage(InstanceId instance, String run, Instant brokerBack) {}

    @Test
    void eachFailoverIsToldOnceAndBothEndsOfEachOutage(@TempDir Path directory) {
        long seed = Long.getLong("seed", 20_261_126L);
        Random chance = new Random(seed);
        try (Watchmen watchmen = Watchmen.posted(directory, NAMES)) {
            List<Outage> outages = new ArrayList<>();
            for (Class<? extends Event> moment : MOMENTS) {
                outages.add(outage(watchmen, moment, chance));
            }
            for (ClusterName cluster : watchmen.clusters) {
                Account account = Account.of(watchmen.stage, cluster);
                long asked = watchmen.stage.remediations(cluster).count();
                System.out.printf(
                        "seed %d, %s: %d outages in, out %d records, %d repeats, %d switches, %d completions, 0 lost;"
                                + " %d asked for; term %s%n",
                        seed,
                        cluster,
                        outages.size(),
                        account.records(),
                        account.repeats(),
                        count(account, FailoverEvent.Switched.class),
                        count(account, FailoverEvent.Completed.class),
                        asked,
                        watchmen.term(cluster));
                assertThat(account.repeats())
                        .as("no process has died that could repeat itself")
                        .isZero();
                assertThat(count(account, FailoverEvent.Switched.class)).isEqualTo(outages.size());
                assertThat(count(account, FailoverEvent.Completed.class)).isEqualTo(outages.size());
                outages.forEach(outage -> assertThat(account.tellsTheEndOf(outage.instance(), outage.run()))
                        .as("%s tells the end of %s", cluster, outage)
                        .isTrue());
                numbersCountOn(account);
                nothingIsAskedForTwice(watchmen.stage, cluster, outages);
            }
        }
    }

    private static Outage outage(Watchmen watchmen, Class<? extends Event> moment, Random chance) {
        Stage stage = watchmen.stage;
        RedisNode master = watchmen.trio.master().orElseThrow();
        InstanceId instance = Watchmen.node(watchmen.trio.nodes().indexOf(master) + 1);
        String run = Objects.requireNonNull(master.info("server").get("run_id"));
        Map<ClusterName, Long> before = new HashMap<>();
        watchmen.clusters.forEach(cluster -> before.put(cluster, told(stage, cluster, moment)));
        Map<ClusterName, Long> completed = new HashMap<>();
        watchmen.clusters.forEach(
                cluster -> completed.put(cluster, told(stage, cluster, FailoverEvent.Completed.class)));

        master.kill9();
        Await.until(
                "the first " + moment.getSimpleName(),
                Watchmen.WITHIN,
                () -> watchmen.clusters.stream()
                        .anyMatch(
                                cluster -> told(stage, cluster, moment) > Objects.requireNonNull(before.get(cluster))));
        pause(Duration.ofMillis(chance.nextInt(150)));
        watchmen.broker.kill9();
        long died = System.nanoTime();
        watchmen.trio.awaitOtherMaster(master, Watchmen.WITHIN);
        master.restart();
        Await.until(
                "the broker has been away for long enough",
                AWAY.plusSeconds(10),
                () -> System.nanoTime() - died >= AWAY.toNanos());
        watchmen.broker.restart();
        Instant back = Instant.now();

        for (ClusterName cluster : watchmen.clusters) {
            Await.until(
                    "the whole failover of " + cluster,
                    BACK,
                    () -> told(stage, cluster, FailoverEvent.Completed.class)
                            > Objects.requireNonNull(completed.get(cluster)));
            Await.until("a whole account of " + cluster, BACK, () -> {
                Account account = Account.of(stage, cluster);
                return account.faults().isEmpty() && account.tellsTheEndOf(instance, run);
            });
        }
        watchmen.monitors.forEach(MonitorChild::awaitReady);
        watchmen.awaitHealthy();
        watchmen.trio.awaitWhole();
        return new Outage(instance, run, back);
    }

    private static void pause(Duration pause) {
        long end = System.nanoTime() + pause.toNanos();
        Await.until("the pause is over", pause.plusSeconds(5), () -> System.nanoTime() >= end);
    }

    private static long told(Stage stage, ClusterName cluster, Class<? extends Event> type) {
        return stage.facts(cluster)
                .filter(fact -> type.isInstance(fact.event()))
                .map(fact -> fact.id())
                .distinct()
                .count();
    }

    private static long count(Account account, Class<? extends Event> type) {
        return account.facts().stream()
                .filter(fact -> type.isInstance(fact.event()))
                .count();
    }

    /** Of one instance a later death has a higher number. */
    private static void numbersCountOn(Account account) {
        Map<InstanceId, Long> last = new HashMap<>();
        for (Fact fact : account.facts()) {
            InstanceId instance = fact.about().instance();
            if (instance != null && fact.event() instanceof InstanceEvent.Down) {
                String[] parts = fact.id().split(":");
                long number = Long.parseLong(parts[parts.length - 2]);
                assertThat(number).as(fact.id()).isGreaterThan(last.getOrDefault(instance, -1L));
                last.put(instance, number);
            }
        }
    }

    /** An outage that was over when the broker came back is nobody's to mend any more. */
    private static void nothingIsAskedForTwice(Stage stage, ClusterName cluster, List<Outage> outages) {
        List<Remediation> asked = stage.remediations(cluster).toList();
        assertThat(asked).extracting(Remediation::id).doesNotHaveDuplicates();
        for (Outage outage : outages) {
            assertThat(asked)
                    .filteredOn(one -> one.instance().equals(outage.instance())
                            && one.evidence().runId().equals(outage.run()))
                    .as("asked for because of %s", outage)
                    .hasSizeLessThanOrEqualTo(1)
                    .noneMatch(one -> one.askedAt().isAfter(outage.brokerBack()));
        }
    }
}
