package io.redfleet.monitor.edge.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.event.FailoverEvent;
import io.redfleet.contracts.event.FleetEvent;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.health.Term;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("long")
@Timeout(240)
class ZombieTest {
    private static final Duration STALL = Duration.ofSeconds(30);
    private static final List<String> NAMES = List.of("stalled-one", "stalled-two", "stalled-three");

    @Test
    void anOwnerThatWasStoppedWhileAnotherTookOverSaysNothingWhenItWakes(@TempDir Path directory) {
        try (Watchmen watchmen = Watchmen.posted(directory, NAMES)) {
            Stage stage = watchmen.stage;
            ClusterName cluster = watchmen.clusters.getFirst();
            MonitorChild zombie = watchmen.owner(cluster);
            List<ClusterName> its = watchmen.clusters.stream()
                    .filter(name -> watchmen.owner(name) == zombie)
                    .toList();
            RedisNode master = watchmen.trio.nodes().getFirst();

            long stopped = System.nanoTime();
            zombie.freeze();
            master.kill9();
            List<Before> before = its.stream()
                    .map(name -> new Before(name, watchmen.term(name), Account.by(stage, name, zombie.instance())))
                    .toList();
            for (Before each : before) {
                watchmen.millisUntilSucceeded(each.cluster(), each.term(), stopped);
                stage.await(each.cluster(), FailoverEvent.Completed.class, fact -> true);
            }
            master.restart();
            watchmen.awaitHealthy();
            Await.until("the stall is over", STALL, () -> System.nanoTime() - stopped >= STALL.toNanos());
            zombie.thaw();

            // What it had to say it would have said by the time at which another outage has come and gone.
            stage.await(
                    ClusterName.FLEET,
                    FleetEvent.TiltEntered.class,
                    fact -> fact.id().contains(zombie.instance()));
            watchmen.monitors.forEach(MonitorChild::awaitReady);
            watchmen.trio.nodes().getLast().kill9();
            for (ClusterName name : its) {
                stage.await(
                        name,
                        InstanceEvent.Down.class,
                        fact -> Watchmen.node(3).equals(fact.about().instance()));
            }
            watchmen.trio.nodes().getLast().restart();
            for (ClusterName name : its) {
                Await.until(
                        "a whole account of " + name,
                        Watchmen.WITHIN,
                        () -> Account.of(stage, name).faults().isEmpty());
            }
            watchmen.awaitHealthy();
            before.forEach(each -> saidNothing(stage, each));
        }
    }

    /** What the zombie had said in its term when it was stopped. */
    private record Before(ClusterName cluster, Term term, long told) {}

    private static void saidNothing(Stage stage, Before before) {
        ClusterName cluster = before.cluster();
        Term term = before.term();
        long events = stage.of(Topic.EVENTS)
                .filter(seen -> seen.record().clusterKey().equals(cluster.value()))
                .filter(seen -> term.toString().equals(seen.record().headers().get(Term.HEADER)))
                .count();
        assertThat(events).as("events of %s in term %s", cluster, term).isEqualTo(before.told());
        List<ClusterHealth> healths = stage.healths(cluster).toList();
        int claim = healths.indexOf(healths.stream()
                .filter(health -> health.term().outranks(term))
                .findFirst()
                .orElseThrow());
        assertThat(healths.subList(claim, healths.size()))
                .as("health of %s after the claim", cluster)
                .noneMatch(health -> health.term().equals(term));
        assertThat(stage.records(Topic.REMEDIATIONS, Remediation.class)
                        .filter(asked -> asked.cluster().equals(cluster))
                        .filter(asked ->
                                asked.askedAt().isAfter(healths.get(claim).at())))
                .noneMatch(asked -> asked.term().equals(term));
        Account account = Account.of(stage, cluster);
        System.out.printf("%s: %d records, %d repeats%n", cluster, account.records(), account.repeats());
        assertThat(account.faults()).isEmpty();
        assertThat(account.repeats()).isZero();
    }

    @Test
    void aBrokerThatStoodStillCostsNoFactAndDoublesNone(@TempDir Path directory) {
        try (Watchmen watchmen = Watchmen.posted(directory, NAMES)) {
            Stage stage = watchmen.stage;
            RedisNode master = watchmen.trio.nodes().getFirst();
            String run = Objects.requireNonNull(master.info("server").get("run_id"));

            long stopped = System.nanoTime();
            watchmen.broker.freeze();
            master.kill9();
            watchmen.trio.awaitOtherMaster(master, Watchmen.WITHIN);
            master.restart();
            Await.until("the stall is over", STALL, () -> System.nanoTime() - stopped >= STALL.toNanos());
            watchmen.broker.thaw();

            for (ClusterName name : watchmen.clusters) {
                stage.await(name, FailoverEvent.Completed.class, fact -> true);
            }
            watchmen.monitors.forEach(MonitorChild::awaitReady);
            // Not the new master: that would be one more failover.
            int standby = watchmen.trio.master().orElseThrow()
                            == watchmen.trio.nodes().get(1)
                    ? 3
                    : 2;
            RedisNode replica = watchmen.trio.nodes().get(standby - 1);
            replica.kill9();
            for (ClusterName name : watchmen.clusters) {
                stage.await(
                        name,
                        InstanceEvent.Down.class,
                        fact -> Watchmen.node(standby).equals(fact.about().instance()));
            }
            replica.restart();
            for (ClusterName name : watchmen.clusters) {
                Await.until(
                        "a whole account of " + name,
                        Watchmen.WITHIN,
                        () -> Account.of(stage, name).faults().isEmpty());
                Account account = Account.of(stage, name);
                long switches = account.facts().stream()
                        .filter(fact -> fact.event() instanceof FailoverEvent.Switched)
                        .count();
                System.out.printf(
                        "%s: %d records, %d repeats, %d switches, owner %s%n",
                        name, account.records(), account.repeats(), switches, watchmen.term(name));
                assertThat(account.tellsTheEndOf(Watchmen.node(1), run))
                        .as("the end of the master")
                        .isTrue();
                assertThat(switches).isEqualTo(1);
            }
        }
    }
}
