package io.redfleet.monitor.edge.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.event.FailoverEvent;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.InstanceHealth;
import io.redfleet.contracts.health.Term;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("peer")
@Timeout(180)
class TakeoverTest {
    @Tag("long")
    @Test
    void whoTakesOverCountsOnAndTellsWhatNobodyWatched(@TempDir Path directory) {
        try (Watchmen watchmen = Watchmen.posted(directory, List.of("handed-on"))) {
            ClusterName cluster = watchmen.clusters.getFirst();
            Stage stage = watchmen.stage;
            RedisNode master = watchmen.trio.nodes().getFirst();
            RedisNode replica = watchmen.trio.nodes().getLast();
            replica.kill9();
            stage.await(cluster, WatchEvent.RestartRequested.class, fact -> true);
            ClusterHealth before = stage.awaitHealth(cluster, health -> counted(health, "restart r3/redis-server"));
            MonitorChild owner = watchmen.owner(cluster);
            MonitorChild heir = watchmen.other(owner);

            long died = System.nanoTime();
            owner.kill9();
            master.kill9();

            long takeover = watchmen.millisUntilSucceeded(cluster, before.term(), died);
            var switched = stage.await(cluster, FailoverEvent.Switched.class, fact -> true);
            assertThat(((FailoverEvent.Switched) switched.event()).inferred()).isTrue();
            stage.await(cluster, FailoverEvent.Completed.class, fact -> true);
            stage.await(
                    cluster,
                    InstanceEvent.Down.class,
                    fact -> Watchmen.node(1).equals(fact.about().instance()));
            master.restart();
            replica.restart();
            watchmen.awaitHealthy();

            Term second = watchmen.term(cluster);
            long again = System.nanoTime();
            heir.kill9();
            heir.startAgain();
            heir.awaitWord();
            long spoke = System.nanoTime();
            long restart = watchmen.millisUntilSucceeded(cluster, second, again);
            heir.awaitReady();
            RedisNode next = watchmen.trio.master().orElseThrow();
            next.kill9();
            stage.await(
                    cluster, FailoverEvent.Switched.class, fact -> !fact.id().equals(switched.id()));
            next.restart();
            watchmen.awaitHealthy();
            Await.until(
                    "every outage is told to its end",
                    Watchmen.WITHIN,
                    () -> Account.of(stage, cluster).faults().isEmpty());

            Account account = Account.of(stage, cluster);
            System.out.printf(
                    "takeover after SIGKILL %d ms, restart of the same %d ms; %d records, %d repeats%n",
                    takeover, restart, account.records(), account.repeats());
            long joined = restart - (spoke - again) / 1_000_000;
            assertThat(account.faults()).isEmpty();
            assertThat(account.repeats()).isZero();
            assertThat(takeover).as("ms until another has taken over").isLessThan(10_000);
            // How long a JVM takes to start is the machine's matter; waiting for a session to run out would be ours.
            assertThat(joined).as("ms from its first word to its claim").isLessThan(3_000);
            neverLess(before, stage.health(cluster).orElseThrow());
        }
    }

    private static boolean counted(ClusterHealth health, String what) {
        return health.counters().getOrDefault(what, 0L) > 0;
    }

    private static void neverLess(ClusterHealth before, ClusterHealth after) {
        // What is open stands among the counters too, and is gone when it is closed.
        before.counters().entrySet().stream()
                .filter(counter -> !counter.getKey().startsWith("asked "))
                .filter(counter -> !counter.getKey().startsWith("failover open "))
                .forEach(counter -> assertThat(after.counters().getOrDefault(counter.getKey(), -1L))
                        .as(counter.getKey())
                        .isGreaterThanOrEqualTo(counter.getValue()));
        Map<?, InstanceHealth> later = after.instances();
        before.instances()
                .forEach((id, known) -> assertThat(
                                Objects.requireNonNull(later.get(id)).flips())
                        .as("flips of " + id)
                        .isGreaterThanOrEqualTo(known.flips()));
    }
}
