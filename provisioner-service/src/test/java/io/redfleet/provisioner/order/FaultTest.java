package io.redfleet.provisioner.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.event.RestartEvent;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Request;
import io.redfleet.provisioner.apply.Ledger;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A mistake of our own ends what it happened in, with a reason, and nothing else. */
class FaultTest extends DeskGround {
    @Test
    void aFaultWhileHostsAreSurveyedFailsTheOperationAndFreesTheLine() {
        OperationId id = accepted(apply("a"));
        broken = script -> script.name().equals("survey");
        runAll();
        assertThat(operation(id).status()).isEqualTo(Status.FAILED);
        assertThat(operation(id).reason()).contains("fault of Redfleet's own").contains("nobody planned");
        assertThat(cluster().phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster().stood()).isFalse();
        assertThat(faults).singleElement().isInstanceOf(IllegalThreadStateException.class);

        broken = script -> false;
        OperationId next = accepted(apply("a"));
        runAll();
        assertThat(operation(next).status()).as(operation(next).reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(cluster().applied()).isEqualTo(1);

        broken = script -> script.name().equals("survey");
        accepted(apply("a"));
        runAll();
        assertThat(cluster().phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster().stood()).as("it stands as it was").isTrue();
    }

    /** What the first of two put on the hosts is noted though the second has its say on the phase. */
    @Test
    void aClusterHasStoodEvenIfTheNextOperationWaitedAndFails() {
        OperationId first = accepted(apply("a"));
        accepted(apply("a"));
        broken = script ->
                script.name().equals("survey") && operation(first).status().done();
        runAll();
        assertThat(operation(first).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(cluster().phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster().applied()).isEqualTo(1);
    }

    @Test
    void aFaultInAStepIsInTheJournalAndNoStepStaysRunning() {
        OperationId id = accepted(apply("a"));
        broken = script -> script.name().equals("start");
        runAll();
        OperationState ended = operation(id);
        assertThat(ended.status()).as(ended.reason()).isEqualTo(Status.FAILED);
        assertThat(ended.steps())
                .extracting(StepState::status)
                .contains(StepState.Status.DONE, StepState.Status.FAILED, StepState.Status.SKIPPED)
                .doesNotContain(StepState.Status.RUNNING, StepState.Status.WAITING);
        assertThat(faults).hasSize(1);
    }

    @Test
    void aFaultWhileAQuestionIsAskedIsAnOutcome() {
        accepted(apply("a"));
        runAll();
        int before = done;
        broken = script -> true;
        take(new Request.ShowPlan());
        runAll();
        take(new Request.Run(REPLICA, Request.Verb.RESTART, ""));
        runAll();
        assertThat(done).isEqualTo(before + 2);
        assertThat(ledger.all(Outcome.class).reversed().subList(0, 2))
                .extracting(outcome ->
                        ((Outcome.Refused) outcome.result()).problem().status())
                .containsExactly(500, 500);
        assertThat(faults).hasSize(2);
    }

    @Test
    void aFaultWhileARemediationIsLookedAtWithholdsIt() {
        accepted(apply("a"));
        runAll();
        int before = done;
        broken = script -> true;
        new Remedies(desk).take(remediation("down-1"), () -> done++);
        runAll();
        assertThat(done).isEqualTo(before + 1);
        assertThat(ledger.events(RestartEvent.Withheld.class))
                .containsExactly(new RestartEvent.Withheld("down-1", "fault"));
        assertThat(faults).hasSize(1);
    }

    @Test
    void aRemediationThatCannotBeWrittenGivesItsPlaceAtTheBrakesBack() {
        accepted(apply("a"));
        runAll();
        hosts.kill("/base/r3/orders/redis-server");
        AtomicInteger refused = new AtomicInteger();
        Desk losing = desk(without("operation", refused));
        losing.replayed(cluster());
        losing.open();
        Remedies remedies = new Remedies(losing);
        for (int i = 1; i <= 3; i++) {
            remedies.take(remediation("down-" + i), () -> done++);
            runAll();
            assertThat(refused).hasValue(i);
        }
        assertThat(begun()).isEmpty();
    }

    @Test
    void anOrderThatNoRecordCanHoldIsRefusedAsTooLarge() {
        AtomicInteger refused = new AtomicInteger();
        orders = new Orders(desk(without("cluster", refused)));
        Outcome.Refused answer = (Outcome.Refused) take(apply("a"));
        assertThat(answer.problem().status()).isEqualTo(413);
        assertThat(refused).hasValue(1);
        assertThat(faults).isEmpty();
    }

    /** The ledger, except for one kind of record. */
    private Ledger without(String kind, AtomicInteger refused) {
        InvocationHandler some = (proxy, method, arguments) -> {
            if (method.getName().equals(kind)) {
                refused.incrementAndGet();
                throw new Ledger.Unwritable("no room for it");
            }
            return method.invoke(ledger, arguments);
        };
        return (Ledger) Proxy.newProxyInstance(Ledger.class.getClassLoader(), new Class<?>[] {Ledger.class}, some);
    }
}
