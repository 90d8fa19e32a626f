package io.redfleet.monitor.watch;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.WatchSpec.Compat;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.event.WatchEvent.CheckFailed;
import io.redfleet.contracts.event.WatchEvent.MonitoringStopped;
import io.redfleet.contracts.event.WatchEvent.StopRequested;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.operation.ProcessFacts;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.check.Window;
import io.redfleet.monitor.probe.Reply;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A rule whose action is to stop. */
class StopRuleTest {
    private static final String STOP = """
            check process redis-server with pidfile /run/redis.pid
              if memory > 1 MB then stop
              if 5 restarts within 5 cycles then timeout
            """;
    private static final String CHILD = "check process redis-sentinel matching x\n  depends on redis-server\n";
    private static final CheckFailed LARGE = new CheckFailed("memory > 1048576 B", 1, 1);

    private final Watched watched = new Watched();

    @Test
    void aStopIsAskedForOfWhoLives() {
        under(STOP);
        cycle(5_000);
        assertThat(watched.asks).singleElement().satisfies(ask -> {
            assertThat(ask.action()).isEqualTo(Remediation.Action.STOP);
            assertThat(ask.instance()).isEqualTo(Orders.R2);
            assertThat(ask.evidence().liveness()).isEqualTo(Liveness.UP);
            assertThat(ask.reason()).contains("r2/redis-server", "memory is 9000000 B");
            assertThat(ask.notAfter()).isEqualTo(at(35_000).wall());
            assertThat(watched.told(Orders.R2))
                    .filteredOn(WatchEvent.class::isInstance)
                    .containsExactly(LARGE, new StopRequested(ask.id()));
        });
        assertThat(watched.brakes.inFlight())
                .as("a stop takes no place from those who need a restart")
                .isEmpty();
    }

    @Test
    void ofWhatNobodyCarriesOutTheNextRequestComesAsThatOfARestartDoes() {
        under(STOP);
        for (long millis = 5_000; millis <= 70_000; millis += 5_000) {
            cycle(millis);
        }
        assertThat(watched.asks)
                .extracting(Remediation::askedAt)
                .containsExactly(at(5_000).wall(), at(35_000).wall(), at(65_000).wall());
        assertThat(watched.asks).extracting(Remediation::id).doesNotHaveDuplicates();
        assertThat(told(CheckFailed.class)).containsExactly(LARGE);
        assertThat(instance().window()).as("no restart").isEqualTo(Window.CLOSED);
        assertThat(instance().monitored()).isTrue();
    }

    @Test
    void whatWasCarriedOutEndsTheMonitoringAndThatOfWhatDependsOnIt() {
        under(STOP + CHILD);
        cycle(5_000);
        ended(Status.SUCCEEDED, 9_000);

        assertThat(instance().monitored()).isFalse();
        assertThat(watched.facts)
                .filteredOn(fact -> fact.event() instanceof MonitoringStopped)
                .extracting(fact -> fact.about().instance())
                .containsExactly(Orders.S2, Orders.R2);
        assertThat(told(MonitoringStopped.class)).containsExactly(new MonitoringStopped(false));
        watched.answer(Orders.R2, new Reply.Refused(), 9_500);
        cycle(10_000);
        assertThat(watched.asks).hasSize(1);
        assertThat(watched.brakes.tried())
                .as("it counts for the fleet's ten in ten minutes")
                .hasSize(1);
        assertThat(watched.told(Orders.R2))
                .filteredOn(WatchEvent.WouldHave.class::isInstance)
                .isEmpty();
    }

    @Test
    void afterAFailureItIsNotAskedForAgainBeforeAWhile() {
        under(STOP);
        cycle(5_000);
        ended(Status.FAILED, 9_000);
        assertThat(instance().monitored()).isTrue();
        assertThat(instance().window()).isEqualTo(Window.CLOSED);
        for (long millis = 10_000; millis < 305_000; millis += 5_000) {
            cycle(millis);
        }
        assertThat(watched.asks).hasSize(1);
        cycle(310_000);
        assertThat(watched.asks).hasSize(2);
    }

    @Test
    void whatWasWithheldBeforeAnythingWasDoneEndsNothing() {
        under(STOP);
        cycle(5_000);
        Remediation asked = watched.asks.getLast();
        OperationId id = OperationId.of(asked.askedAt(), asked.id());
        watched.see(new Observation.Operated(Watched.withheld(id)), 8_000);
        assertThat(instance().monitored()).isTrue();
        for (long millis = 10_000; millis < 305_000; millis += 5_000) {
            cycle(millis);
        }
        assertThat(watched.asks).as("what the gate refuses may last").hasSize(1);
        ClusterHealth health = HealthRecord.of(watched.watch, at(305_000).wall(), null);
        watched.watch = HealthRecord.restore(Orders.roster(STOP, Compat.REDFLEET), health, at(305_500));
        cycle(306_000);
        assertThat(watched.asks).as("also for who takes over").hasSize(1);
        cycle(310_000);
        assertThat(watched.asks).hasSize(2);
    }

    @Test
    void whereNothingAutomaticIsAllowedItIsToldOnce() {
        under(STOP);
        for (long millis = 5_000; millis <= 15_000; millis += 5_000) {
            host(millis - 1_000);
            Turn.OfCycle cycle = watched.watch.cycle(watched.brakes, "the fleet is disarmed", at(millis));
            watched.facts.addAll(cycle.turn().facts());
            watched.watch = cycle.turn().next();
            assertThat(cycle.turn().asks()).isEmpty();
        }
        assertThat(told(WatchEvent.WouldHave.class))
                .containsExactly(new WatchEvent.WouldHave("STOP", "the fleet is disarmed"));
    }

    @Test
    void aSilentNetworkStopsNobody() {
        under("check process redis-server with pidfile /run/redis.pid\n  if failed port 6379 then stop\n");
        watched.answer(Orders.R2, new Reply.Unreachable("no route"), 2_000, 3_000, 4_000);
        watched.cycle(5_000);
        assertThat(told(CheckFailed.class)).hasSize(1);
        assertThat(watched.asks).isEmpty();
    }

    @Test
    void whoTakesOverWhileItIsBeingStoppedHearsTheEnd() {
        under(STOP);
        cycle(5_000);
        watched.answer(Orders.R2, new Reply.Refused(), 6_000);
        ClusterHealth health = HealthRecord.of(watched.watch, at(7_000).wall(), null);

        watched.watch = HealthRecord.restore(Orders.roster(STOP, Compat.REDFLEET), health, at(12_000));
        cycle(15_000);
        assertThat(watched.asks).hasSize(1);
        ended(Status.SUCCEEDED, 50_000);
        assertThat(told(MonitoringStopped.class)).containsExactly(new MonitoringStopped(false));
    }

    @Test
    void whatWasAskedForAfterTheLastHealthIsNotAskedForAgain() {
        under(STOP);
        ClusterHealth health = HealthRecord.of(watched.watch, at(4_000).wall(), null);
        cycle(5_000);

        watched.watch = Folding.fold(
                HealthRecord.restore(Orders.roster(STOP, Compat.REDFLEET), health, at(7_000)),
                List.copyOf(watched.facts),
                at(7_000));
        cycle(10_000);
        assertThat(watched.asks).hasSize(1);
        ended(Status.SUCCEEDED, 12_000);
        assertThat(told(MonitoringStopped.class)).containsExactly(new MonitoringStopped(false));
        cycle(40_000);
        assertThat(watched.asks).hasSize(1);
    }

    @Test
    void aLimitMayStopWhatWasRestartedTooOften() {
        under("""
                check process redis-server with pidfile /run/redis.pid
                  if failed port 6379 then restart
                  if 2 restarts within 3 cycles then stop
                """);
        for (long millis = 5_000; millis <= 15_000; millis += 5_000) {
            watched.answer(Orders.R2, new Reply.Refused(), millis - 1_000);
            watched.views(Set.of(Orders.R2), true, millis - 500);
            watched.cycle(millis);
            if (millis < 15_000) {
                watched.tried(millis + 1_000);
            }
        }
        assertThat(watched.asks)
                .extracting(Remediation::action)
                .containsExactly(Remediation.Action.START, Remediation.Action.START, Remediation.Action.STOP);
        assertThat(told(WatchEvent.LimitReached.class)).containsExactly(new WatchEvent.LimitReached(2, 2));
        ended(Status.SUCCEEDED, 17_000);
        assertThat(instance().monitored()).isFalse();
    }

    private void under(String rules) {
        watched.see(new Observation.Reassigned(Orders.roster(rules, Compat.REDFLEET)), 500);
        watched.well(1_000);
    }

    /** The host says anew how large R2 is, and all are judged. */
    private void cycle(long millis) {
        host(millis - 1_000);
        watched.cycle(millis);
    }

    private void ended(Status status, long millis) {
        Remediation asked = watched.asks.getLast();
        OperationId id = OperationId.of(asked.askedAt(), asked.id());
        watched.see(new Observation.Operated(Watched.operation(id, "remedy-stop", status, Set.of())), millis);
    }

    private InstanceWatch instance() {
        return Objects.requireNonNull(watched.watch.instances().get(Orders.R2));
    }

    private List<Event> told(Class<? extends Event> type) {
        return watched.told(Orders.R2).stream().filter(type::isInstance).toList();
    }

    private void host(long millis) {
        Map<InstanceId, ProcessFacts> processes =
                Map.of(Orders.R2, new ProcessFacts(true, 4_711, 1, 9_000_000, 1_500, false, 5, 0, 0, 0));
        watched.see(
                new Observation.HostSeen(new HostFacts(
                        HostFacts.SCHEMA,
                        Orders.roster().cluster(),
                        Orders.R2.host(),
                        at(millis).wall(),
                        true,
                        "answers",
                        "boot",
                        0.25,
                        8_000_000_000L,
                        6_000_000_000L,
                        100_000_000_000L,
                        60_000_000_000L,
                        -2,
                        processes,
                        null)),
                millis);
    }
}
