package io.redfleet.provisioner.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.provisioner.apply.RecordingLedger;
import io.redfleet.provisioner.apply.ScriptedHosts.Cut;
import io.redfleet.provisioner.lease.HostLease;
import io.redfleet.provisioner.lease.LeaseState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** An owner that is gone without a word, and the next one. */
class ResumeTest extends DeskGround {
    @Test
    void whereverItDiedTheNextOwnerWaitsForItsLeasesToLapseAndFinishesTheSameOperation() {
        int deaths = 0;
        int waited = 0;
        while (true) {
            ResumeTest fresh = new ResumeTest();
            int cameTo = fresh.dieAt(deaths);
            if (cameTo < 0) {
                break;
            }
            waited += cameTo;
            deaths++;
        }
        System.out.printf(
                "an owner dead at each of %d calls; operations finished %d, of them after a wait %d%n",
                deaths, deaths, waited);
        assertThat(deaths).isGreaterThan(30);
        // Everywhere but where no lease is taken: at the nine questions of the first look, at those of the last one,
        // which the
        // verification goes along with, and at the key that is written after it on three hosts.
        assertThat(waited).isGreaterThan(deaths - 25);
    }

    /** Answers whether the next owner had to wait; -1: the first one finished before it came to that call. */
    private int dieAt(int call) {
        RecordingLedger dying = new RecordingLedger();
        Desk first = desk(dying);
        orders = new Orders(first);
        orders.take(order(apply("a")), () -> done++);
        OperationId id = dying.last(OperationState.class).id();
        int[] left = {call};
        onCall = () -> {
            if (left[0]-- == 0) {
                dying.lose();
                hosts.cutAt(0, Cut.BEFORE);
            }
        };
        runAll();
        if (left[0] >= 0) {
            return -1;
        }
        onCall = () -> {};
        hosts.reach();
        boolean held = !hosts.holders().isEmpty();
        leased = this::patientlyAsked;
        Desk next = desk(ledger);
        dying.all(ClusterState.class).forEach(next::replayed);
        dying.all(OperationState.class).forEach(next::replayed);
        next.open();
        runAll();
        assertThat(operation(id).status())
                .as("death at call %d: %s", call, operation(id))
                .isEqualTo(Status.SUCCEEDED);
        assertThat(hosts.harm()).as("death at call %d", call).isEmpty();
        assertThat(hosts.starts()).isEqualTo(6);
        assertThat(cluster().phase()).isEqualTo(io.redfleet.contracts.cluster.Phase.READY);
        eachStepIsListedAndToldOnce(dying, id, "death at call " + call);
        boolean said = ledger.all(OperationState.class).stream()
                .anyMatch(state -> state.reason().startsWith("waits for the lease"));
        // Where nothing was left to do nothing is leased.
        boolean worked = !operation(id).reason().equals("nothing to change");
        assertThat(said).as("death at call %d", call).isEqualTo(held && worked);
        return said ? 1 : 0;
    }

    /** By one owner or the other; a success lists no step that failed, and none that nobody ended. */
    private void eachStepIsListedAndToldOnce(RecordingLedger dying, OperationId id, String which) {
        List<StepState> steps = operation(id).steps();
        assertThat(steps).extracting(StepState::id).as(which).doesNotHaveDuplicates();
        Set<String> ended = steps.stream()
                .filter(step -> step.status() != StepState.Status.SKIPPED)
                .map(StepState::id)
                .collect(Collectors.toSet());
        assertThat(steps.stream().filter(step -> ended.contains(step.id())))
                .extracting(StepState::status)
                .as(which)
                .isSubsetOf(StepState.Status.DONE, StepState.Status.UNCHANGED);
        Map<String, String> told = Stream.of(dying, ledger)
                .flatMap(owner -> owner.all(Fact.class).stream())
                .filter(fact -> fact.event() instanceof OperationEvent.StepDone)
                .collect(Collectors.toMap(
                        fact -> fact.id(),
                        fact -> ((OperationEvent.StepDone) fact.event()).step(),
                        (first, repeated) -> first));
        assertThat(told.values()).as(which).containsExactlyInAnyOrderElementsOf(ended);
    }

    /** The silence of the dead one is over at the tenth look, 2.5 s after the first: by then it is told who is waited for. */
    private HostLease patientlyAsked(
            io.redfleet.provisioner.survey.HostAccess access,
            io.redfleet.provisioner.lease.HostLeases.Request request) {
        HostLease asked = hosts.ask(access, request);
        int[] looks = {0};
        return new HostLease() {
            @Override
            public LeaseState state() {
                return asked.state();
            }

            @Override
            public LeaseState await(Duration most) {
                if (looks[0]++ == 9 && asked.state() instanceof LeaseState.Busy) {
                    hosts.lapse();
                }
                return asked.await(most);
            }

            @Override
            public long uptimeAt(Instant wall) {
                return asked.uptimeAt(wall);
            }

            @Override
            public void close() {
                asked.close();
            }
        };
    }
}
