package io.redfleet.monitor.watch;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.WatchSpec.Compat;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.event.WatchEvent.CheckFailed;
import io.redfleet.contracts.event.WatchEvent.CheckSucceeded;
import io.redfleet.contracts.event.WatchEvent.MonitoringStarted;
import io.redfleet.contracts.event.WatchEvent.MonitoringStopped;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.probe.Reply;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Checks that depend on others of their host. */
class DependenceTest {
    private static final String SERVER =
            "check process redis-server with pidfile /run/redis.pid\n  if failed port 6379 then alert\n";
    private static final String SENTINEL =
            "check process redis-sentinel matching redis-sentinel\n  if failed port 26379 then alert\n";
    private static final String SENTINEL_ON_SERVER = SERVER + SENTINEL + "  depends on redis-server\n";
    private static final String ERRORS = "test skipped as required service 'redis-server' has errors";

    private final Watched watched = new Watched();

    @Test
    void whileAParentHasErrorsItsChildIsNotJudgedAndThatIsVisible() {
        under(SENTINEL_ON_SERVER);
        refuse(4_000, Orders.R2, Orders.S2);
        watched.cycle(5_000);

        assertThat(checks(Orders.R2)).containsExactly(new CheckFailed("failed port 6379", 1, 1));
        assertThat(checks(Orders.S2)).isEmpty();
        assertThat(waiting(Orders.S2, 6_000)).isEqualTo(ERRORS);
        assertThat(waiting(Orders.S3, 6_000)).isEmpty();
        assertThat(waiting(Orders.R2, 6_000)).isEmpty();

        watched.answer(Orders.R2, new Reply.Pong(), 9_000);
        watched.cycle(10_000);
        assertThat(checks(Orders.R2)).last().isEqualTo(new CheckSucceeded("failed port 6379"));
        assertThat(checks(Orders.S2))
                .as("in the same cycle, after its parent")
                .containsExactly(new CheckFailed("failed port 26379", 1, 1));
        assertThat(waiting(Orders.S2, 11_000)).isEmpty();
    }

    @Test
    void whereTheParentIsWellItsChildIsJudged() {
        under(SENTINEL_ON_SERVER);
        refuse(4_000, Orders.R2, Orders.S3);
        watched.cycle(5_000);

        assertThat(checks(Orders.S3)).containsExactly(new CheckFailed("failed port 26379", 1, 1));
    }

    /** Two hosts of three are gone: their nodes may not be started before a majority of the Sentinels is there again. */
    @Test
    void whileAMajorityIsMissingNoSentinelWaitsForANode() {
        under(SENTINEL_ON_SERVER.replace("then alert", "then restart"));
        refuse(4_000, Orders.R2, Orders.S2, Orders.R3, Orders.S3);
        watched.views(java.util.Set.of(Orders.R2, Orders.S2, Orders.R3, Orders.S3), false, 4_500);
        watched.cycle(5_000);

        assertThat(waiting(Orders.S2, 6_000)).isEmpty();
        assertThat(checks(Orders.S2)).containsExactly(new CheckFailed("failed port 26379", 1, 1));
        assertThat(checks(Orders.S3)).containsExactly(new CheckFailed("failed port 26379", 1, 1));
        assertThat(watched.asks).extracting(Remediation::instance).contains(Orders.S2, Orders.S3);
    }

    @Test
    void parentsAreJudgedFirstWhateverTheOrderOfTheSpec() {
        under(SERVER + "  depends on redis-sentinel\n" + SENTINEL);
        assertThat(Orders.roster().members().keySet()).startsWith(Orders.R1, Orders.S1);
        assertThat(new Kin(watched.watch.roster()).parentsFirst())
                .containsExactly(Orders.S1, Orders.R1, Orders.S2, Orders.R2, Orders.S3, Orders.R3);
        refuse(4_000, Orders.R2, Orders.S2);
        watched.cycle(5_000);
        assertThat(checks(Orders.S2)).hasSize(1);
        assertThat(checks(Orders.R2)).isEmpty();
    }

    @Test
    void aRestartIsAskedForOfTheParentAloneAndNobodyIsStoppedForIt() {
        under(SENTINEL_ON_SERVER.replace("then alert", "then restart"));
        refuse(4_000, Orders.R2, Orders.S2);
        watched.views(java.util.Set.of(Orders.R2, Orders.S2), true, 4_500);
        watched.cycle(5_000);
        watched.cycle(10_000);
        assertThat(watched.asks)
                .singleElement()
                .satisfies(ask -> assertThat(ask.instance()).isEqualTo(Orders.R2));
        assertThat(monitoring()).isEmpty();
    }

    @Test
    void aTakeoverGoesOnWaiting() {
        under(SENTINEL_ON_SERVER);
        refuse(4_000, Orders.R2, Orders.S2);
        watched.cycle(5_000);
        ClusterHealth health = HealthRecord.of(watched.watch, at(6_000).wall(), null);

        watched.watch = HealthRecord.restore(Orders.roster(SENTINEL_ON_SERVER, Compat.REDFLEET), health, at(7_000));
        assertThat(waiting(Orders.S2, 7_000)).isEqualTo(ERRORS);
        refuse(9_000, Orders.R2, Orders.S2);
        watched.cycle(10_000);
        assertThat(checks(Orders.S2)).isEmpty();
    }

    @Test
    void whoeverEndsTheWatchOfAParentEndsThatOfItsChildFirst() {
        under(SENTINEL_ON_SERVER);
        watched.monitored(Orders.R2, false, 5_000);
        assertThat(monitoring())
                .containsExactly(
                        Orders.S2 + " " + new MonitoringStopped(false), Orders.R2 + " " + new MonitoringStopped(false));
        assertThat(watched.facts)
                .filteredOn(fact -> fact.event() instanceof MonitoringStopped)
                .extracting(fact -> fact.about().correlation())
                .containsOnly("c5000");
        assertThat(isMonitored(Orders.S1)).isTrue();
    }

    @Test
    void whoeverWatchesAChildWatchesItsParentAndNotTheOtherWayRound() {
        under(SENTINEL_ON_SERVER);
        watched.monitored(Orders.R2, false, 5_000);
        watched.monitored(Orders.R2, true, 6_000);
        assertThat(isMonitored(Orders.S2)).isFalse();

        watched.monitored(Orders.R2, false, 7_000);
        int before = monitoring().size();
        watched.monitored(Orders.S2, true, 8_000);
        assertThat(monitoring().subList(before, before + 2))
                .containsExactly(Orders.R2 + " " + new MonitoringStarted(), Orders.S2 + " " + new MonitoringStarted());
        assertThat(watched.facts)
                .filteredOn(fact -> Orders.R2.equals(fact.about().instance()))
                .last()
                .satisfies(fact -> assertThat(fact.about().reason())
                        .isEqualTo("test asked to watch r2/redis-server, on which r2/redis-sentinel depends"));
        watched.monitored(Orders.S2, true, 9_000);
        assertThat(monitoring()).as("a parent that is watched goes on counting").hasSize(before + 3);
    }

    @Test
    void anOrderForAllTellsEachOfThemOnce() {
        under(SENTINEL_ON_SERVER);
        watched.monitored(false, 5_000);
        watched.monitored(true, 6_000);
        assertThat(monitoring()).hasSize(12).doesNotHaveDuplicates();
        assertThat(watched.facts.stream().map(fact -> fact.id())).doesNotHaveDuplicates();
    }

    @Test
    void aRuleThatEndsTheWatchOfAParentEndsThatOfItsChild() {
        under(SENTINEL_ON_SERVER.replace("6379 then alert", "6379 then unmonitor"));
        refuse(4_000, Orders.R2);
        watched.cycle(5_000);
        assertThat(monitoring())
                .containsExactly(
                        Orders.S2 + " " + new MonitoringStopped(false), Orders.R2 + " " + new MonitoringStopped(true));
        assertThat(waiting(Orders.S2, 6_000))
                .as("it is not watched, so it does not wait")
                .isEmpty();
    }

    @Test
    void whatAnEarlierOwnerToldOfItIsNotToldAgain() {
        under(SENTINEL_ON_SERVER);
        ClusterHealth health = HealthRecord.of(watched.watch, at(4_000).wall(), null);
        watched.monitored(Orders.R2, false, 5_000);
        List<Fact> told = List.copyOf(watched.facts);

        watched.watch = Folding.fold(
                HealthRecord.restore(Orders.roster(SENTINEL_ON_SERVER, Compat.REDFLEET), health, at(6_000)),
                told,
                at(6_000));
        watched.monitored(Orders.R2, false, 5_000);
        assertThat(watched.facts).as("the same order, read again").hasSameSizeAs(told);
    }

    @Test
    void anInstanceMayDependOnACheckOfItsHost() {
        under("check system machine\n  if memory > 80% then alert\n" + SERVER + "  depends on machine\n");
        HostFacts full = memory("r2", 10, 4_000);
        watched.see(new Observation.HostSeen(full), 4_000);
        refuse(4_000, Orders.R2, Orders.R3);
        watched.cycle(5_000);
        assertThat(checks(Orders.R2)).isEmpty();
        assertThat(checks(Orders.R3)).hasSize(1);
        assertThat(waiting(Orders.R2, 6_000)).isEqualTo("test skipped as required service 'machine' has errors");
    }

    /** The machine, the node and its Sentinel: who waits has no errors, so who depends on him is judged, as Monit does it. */
    @Test
    void ofAChainOfThreeOnlyTheNextOneWaits() {
        under("check system machine\n  if memory > 80% then alert\n" + SERVER + "  depends on machine\n" + SENTINEL
                + "  depends on redis-server\n");
        watched.see(new Observation.HostSeen(memory("r2", 50, 4_000)), 4_000);
        watched.cycle(5_000);
        assertThat(waiting(Orders.R2, 6_000)).isEmpty();
        assertThat(waiting(Orders.S2, 6_000)).isEmpty();

        watched.see(new Observation.HostSeen(memory("r2", 10, 9_000)), 9_000);
        refuse(9_000, Orders.R2, Orders.S2);
        watched.cycle(10_000);
        assertThat(checks(Orders.R2)).isEmpty();
        assertThat(waiting(Orders.R2, 11_000)).isEqualTo("test skipped as required service 'machine' has errors");
        assertThat(checks(Orders.S2)).containsExactly(new CheckFailed("failed port 26379", 1, 1));
        assertThat(waiting(Orders.S2, 11_000)).isEmpty();

        watched.see(new Observation.HostSeen(memory("r2", 50, 14_000)), 14_000);
        watched.cycle(15_000);
        assertThat(checks(Orders.R2))
                .as("in the same cycle, after the machine")
                .containsExactly(new CheckFailed("failed port 6379", 1, 1));
        assertThat(waiting(Orders.S2, 16_000)).isEqualTo(ERRORS);
    }

    @Test
    void whoeverEndsTheWatchInTheMiddleEndsItBelowAndTheMachineIsJudgedOn() {
        under("check system machine\n  if memory > 80% then alert\n" + SERVER + "  depends on machine\n" + SENTINEL
                + "  depends on redis-server\n");
        watched.monitored(Orders.R2, false, 3_000);
        assertThat(monitoring())
                .containsExactly(
                        Orders.S2 + " " + new MonitoringStopped(false), Orders.R2 + " " + new MonitoringStopped(false));
        watched.see(new Observation.HostSeen(memory("r2", 10, 4_000)), 4_000);
        watched.cycle(5_000);
        assertThat(watched.facts)
                .filteredOn(fact -> fact.event() instanceof CheckFailed)
                .extracting(Fact::event)
                .containsExactly(new CheckFailed("r2 machine: memory > 80%", 1, 1));
    }

    @Test
    void whatAHostHasNoInstanceOfHoldsUpNobodyThere() {
        under(SERVER + "  depends on other\ncheck process other matching other\n");
        refuse(4_000, Orders.R2);
        watched.cycle(5_000);
        assertThat(checks(Orders.R2)).hasSize(1);
    }

    private void under(String rules) {
        watched.see(new Observation.Reassigned(Orders.roster(rules, Compat.REDFLEET)), 500);
        watched.well(1_000);
    }

    private void refuse(long millis, InstanceId... ids) {
        for (InstanceId id : ids) {
            watched.answer(id, new Reply.Refused(), millis);
        }
    }

    private String waiting(InstanceId id, long millis) {
        ClusterHealth health = HealthRecord.of(watched.watch, at(millis).wall(), null);
        return Objects.requireNonNull(health.instances().get(id)).waiting();
    }

    private boolean isMonitored(InstanceId id) {
        return Objects.requireNonNull(watched.watch.instances().get(id)).monitored();
    }

    private List<Event> checks(InstanceId id) {
        return watched.told(id).stream()
                .filter(event -> event instanceof CheckFailed || event instanceof CheckSucceeded)
                .toList();
    }

    /** Whose watch began and ended, in order. */
    private List<String> monitoring() {
        return watched.facts.stream()
                .filter(fact -> fact.event() instanceof WatchEvent.MonitoringStarted
                        || fact.event() instanceof WatchEvent.MonitoringStopped)
                .map(fact -> fact.about().instance() + " " + fact.event())
                .toList();
    }

    /** @param free in percent */
    private static HostFacts memory(String host, long free, long millis) {
        return new HostFacts(
                HostFacts.SCHEMA,
                Orders.roster().cluster(),
                new HostName(host),
                at(millis).wall(),
                true,
                "answers",
                "boot",
                0.25,
                8_000_000_000L,
                80_000_000L * free,
                100_000_000_000L,
                60_000_000_000L,
                -2,
                Map.of(),
                null);
    }
}
