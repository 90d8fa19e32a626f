package io.redfleet.monitor.watch;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.WatchSpec.Compat;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.event.WatchEvent.CheckFailed;
import io.redfleet.contracts.event.WatchEvent.ExecRequested;
import io.redfleet.contracts.event.WatchEvent.WouldHave;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.health.Remediation.Action;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.probe.Reply;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExecRuleTest {
    private static final String PAGE = "/etc/redfleet/exec.d/page";
    private static final String CHECK = "check process redis-server with pidfile /run/redis.pid\n";
    private static final String ONCE = CHECK + "  if failed port 6379 then exec \"" + PAGE + "\"\n";
    private static final String REPEATED =
            CHECK + "  if failed port 6379 then exec \"" + PAGE + "\" repeat every 3 cycles\n";

    private final Watched watched = new Watched();

    @Test
    void aProgramIsAskedForWhenItsRuleFailsAndNotWhileItStaysFailed() {
        under(ONCE);
        failing(5_000, 30_000);
        assertThat(watched.asks).singleElement().satisfies(ask -> {
            assertThat(ask.action()).isEqualTo(Action.EXEC);
            assertThat(ask.instance()).isEqualTo(Orders.R2);
            assertThat(ask.id()).endsWith(":exec:1");
            assertThat(ask.askedAt()).isEqualTo(at(5_000).wall());
            assertThat(ask.notAfter()).isEqualTo(at(65_000).wall());
            assertThat(ask.evidence().liveness()).isEqualTo(Liveness.DOWN);
            Remediation.Exec exec = Objects.requireNonNull(ask.exec());
            assertThat(exec.program()).isEqualTo(PAGE);
            assertThat(exec.event()).isEqualTo("Connection failed");
            assertThat(ask.reason()).contains(PAGE, "r2/redis-server", exec.description());
        });
        assertThat(told(ExecRequested.class))
                .containsExactly(new ExecRequested(watched.asks.getFirst().id(), PAGE));
        assertThat(told(CheckFailed.class)).hasSize(1);
        assertThat(watched.brakes.inFlight()).as("no restart").isEmpty();

        well(31_000, 35_000);
        failing(40_000, 45_000);
        assertThat(watched.asks).hasSize(2);
        assertThat(watched.asks).extracting(Remediation::id).doesNotHaveDuplicates();
    }

    @Test
    void whatIsWellAgainMayBeSaidByAProgramToo() {
        under(CHECK + "  if failed port 6379 then alert else if succeeded then exec \"" + PAGE + "\"\n");
        failing(5_000, 10_000);
        assertThat(watched.asks).isEmpty();
        well(11_000, 15_000);
        watched.cycle(20_000);
        assertThat(watched.asks)
                .extracting(ask -> Objects.requireNonNull(ask.exec()).event())
                .containsExactly("Connection succeeded");
    }

    @Test
    void aRepeatedOneComesWithEachNthFurtherFailure() {
        under(REPEATED);
        failing(5_000, 45_000);
        assertThat(watched.asks)
                .extracting(Remediation::askedAt)
                .containsExactly(
                        at(5_000).wall(),
                        at(15_000).wall(),
                        at(30_000).wall(),
                        at(45_000).wall());
    }

    /** With what the former owner had written down, and with what it told after that. */
    @Test
    void whoTakesOverGoesOnCounting() {
        under(REPEATED);
        failing(5_000, 20_000);
        assertThat(watched.asks).hasSize(2);
        ClusterHealth health = HealthRecord.of(watched.watch, at(21_000).wall(), null);

        watched.watch = HealthRecord.restore(Orders.roster(REPEATED, Compat.REDFLEET), health, at(22_000));
        failing(25_000, 30_000);
        assertThat(watched.asks)
                .extracting(Remediation::askedAt)
                .containsExactly(at(5_000).wall(), at(15_000).wall(), at(30_000).wall());
        assertThat(watched.asks).extracting(Remediation::id).doesNotHaveDuplicates();
    }

    @Test
    void whatWasAskedForAfterTheLastHealthIsNotAskedForAgain() {
        under(ONCE);
        ClusterHealth health = HealthRecord.of(watched.watch, at(4_000).wall(), null);
        failing(5_000, 5_000);

        watched.watch = Folding.fold(
                HealthRecord.restore(Orders.roster(ONCE, Compat.REDFLEET), health, at(7_000)),
                List.copyOf(watched.facts),
                at(7_000));
        failing(10_000, 20_000);
        assertThat(watched.asks).hasSize(1);
        well(21_000, 25_000);
        failing(30_000, 30_000);
        assertThat(watched.asks)
                .extracting(Remediation::id)
                .doesNotHaveDuplicates()
                .hasSize(2);
    }

    @Test
    void whereNothingAutomaticIsAllowedThatIsToldEachTime() {
        under(ONCE);
        refused(4_000);
        held(5_000);
        held(10_000);
        well(11_000, 15_000);
        refused(19_000);
        held(20_000);
        assertThat(told(WouldHave.class))
                .containsExactly(
                        new WouldHave("EXEC", "the fleet is disarmed"), new WouldHave("EXEC", "the fleet is disarmed"));
        assertThat(watched.facts)
                .filteredOn(fact -> fact.event() instanceof WouldHave)
                .extracting(fact -> fact.id())
                .doesNotHaveDuplicates();
        assertThat(watched.asks).isEmpty();
    }

    /** What was held back has a number, which no later request may bear again; a would-be restart is still to be told. */
    @Test
    void whatWasHeldBackIsCountedByTheNextOwner() {
        under(ONCE);
        ClusterHealth health = HealthRecord.of(watched.watch, at(3_000).wall(), null);
        refused(4_000);
        held(5_000);
        watched.watch = Folding.fold(
                HealthRecord.restore(Orders.roster(ONCE, Compat.REDFLEET), health, at(7_000)),
                List.copyOf(watched.facts),
                at(7_000));
        well(8_000, 10_000);
        failing(15_000, 15_000);
        assertThat(watched.asks)
                .extracting(Remediation::id)
                .allMatch(id -> id.endsWith(":exec:2"))
                .hasSize(1);
        InstanceWatch instance =
                Objects.requireNonNull(watched.watch.instances().get(Orders.R2));
        assertThat(instance.wouldTold()).isEqualTo(-1);
    }

    @Test
    void whatAnOperationStopsOnPurposeIsPagedByNobody() {
        under(ONCE);
        watched.operated("restart", Set.of(Orders.R2), 3_000);
        failing(5_000, 5_000);
        assertThat(watched.asks).isEmpty();
        assertThat(told(WouldHave.class)).containsExactly(new WouldHave("EXEC", "operation op stops it"));
    }

    @Test
    void whoIsToBeStartedIsAskedForFirstAndNotHeldUpByAProgramThatRuns() {
        under(ONCE + "  if failed port 6379 then restart\n");
        refused(4_000);
        watched.views(Set.of(Orders.R2), true, 4_500);
        watched.cycle(5_000);
        assertThat(watched.asks).extracting(Remediation::action).containsExactly(Action.START, Action.EXEC);

        Watched other = new Watched();
        other.see(new Observation.Reassigned(Orders.roster(ONCE, Compat.REDFLEET)), 500);
        OperationId program = new OperationId("op-of-a-program");
        other.see(new Observation.Operated(Watched.operation(program, "remedy-exec", Status.RUNNING, Set.of())), 1_000);
        assertThat(other.watch.disturbed()).isFalse();
        other.see(new Observation.Operated(Watched.operation(program, "remedy", Status.RUNNING, Set.of())), 1_500);
        assertThat(other.watch.disturbed()).isTrue();
    }

    @Test
    void aRuleMayRunAProgramAndAnotherEndTheMonitoring() {
        under(ONCE + "  if failed port 6379 then unmonitor\n");
        failing(5_000, 15_000);
        assertThat(watched.asks).extracting(Remediation::action).containsExactly(Action.EXEC);
        assertThat(told(WatchEvent.MonitoringStopped.class)).hasSize(1);
    }

    private void under(String rules) {
        watched.see(new Observation.Reassigned(Orders.roster(rules, Compat.REDFLEET)), 500);
        watched.well(1_000);
    }

    /** R2 refuses connections, and is judged every 5 s. */
    private void failing(long from, long to) {
        for (long millis = from; millis <= to; millis += 5_000) {
            refused(millis - 1_000);
            watched.cycle(millis);
        }
    }

    private void refused(long millis) {
        watched.answer(Orders.R2, new Reply.Refused(), millis);
    }

    private void well(long answers, long cycle) {
        watched.answer(Orders.R2, new Reply.Pong(), answers);
        watched.cycle(cycle);
    }

    /** A cycle in which the fleet is disarmed. */
    private void held(long millis) {
        Turn.OfCycle cycle = watched.watch.cycle(watched.brakes, "the fleet is disarmed", at(millis));
        watched.facts.addAll(cycle.turn().facts());
        watched.watch = cycle.turn().next();
        assertThat(cycle.turn().asks()).isEmpty();
    }

    private List<Event> told(Class<? extends Event> type) {
        return watched.told(Orders.R2).stream().filter(type::isInstance).toList();
    }
}
