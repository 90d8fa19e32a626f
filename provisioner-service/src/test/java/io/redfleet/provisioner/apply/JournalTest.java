package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a later owner makes of the record of an earlier one. */
class JournalTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);

    private final RecordingLedger ledger = new RecordingLedger();

    /** The id of a step that was cut off, and whom the event is about. */
    @ParameterizedTest
    @CsvSource({
        "build/compile,           ",
        "compile,                 ",
        "r1/redis-server/start,   r1/redis-server",
        "r1/redis-server/start#2, r1/redis-server",
    })
    void aStepThatWasCutOffAndIsNotPlannedAgainWasFoundDone(String step, @Nullable String about) {
        Journal journal = new Journal(ledger, CLOCK, cutOff(step));
        journal.planned(Plan.NOTHING);
        journal.decide(Status.SUCCEEDED, "as the spec wants it");
        journal.finish(Status.SUCCEEDED, "as the spec wants it");
        assertThat(ledger.last(OperationState.class).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(ledger.last(OperationState.class).finishedAt()).isEqualTo(Instant.EPOCH);
        assertThat(ledger.last(OperationState.class).steps())
                .singleElement()
                .satisfies(found -> assertThat(found.status()).isEqualTo(StepState.Status.UNCHANGED));
        assertThat(ledger.all(Fact.class))
                .filteredOn(fact -> fact.event() instanceof OperationEvent.StepDone)
                .singleElement()
                .satisfies(fact -> assertThat(Optional.ofNullable(fact.about().instance()))
                        .isEqualTo(Optional.ofNullable(about).map(InstanceId::new)));
    }

    @Test
    void stepsThatGoInOneBeginInOneRecordAndWhatWasNotRunIsAsIfItHadNotBegun() {
        Journal journal = new Journal(ledger, CLOCK, Scripted.accepted(Scripted.cluster()));
        List<Step> steps =
                List.of(Steps.note("r1/redis-server"), Steps.note("r1/redis-sentinel"), Steps.note("r2/redis-server"));
        journal.planned(new Plan(List.of(steps), List.of(), List.of(), false));
        int before = ledger.all(OperationState.class).size();
        journal.begun(steps);
        assertThat(ledger.all(OperationState.class)).hasSize(before + 1);
        assertThat(statuses()).containsOnly(StepState.Status.RUNNING);
        List<StepResult> results = List.of(new StepResult.Changed("changed"), new StepResult.Failed("r1: no"));
        journal.ended(steps, results, Duration.ofSeconds(2));
        assertThat(statuses())
                .containsExactly(StepState.Status.DONE, StepState.Status.FAILED, StepState.Status.WAITING);
        assertThat(ledger.events(OperationEvent.StepDone.class)).hasSize(1);
        assertThat(ledger.events(OperationEvent.StepFailed.class)).hasSize(1);
        journal.finish(Status.FAILED, "r1: no");
        assertThat(statuses())
                .containsExactly(StepState.Status.DONE, StepState.Status.FAILED, StepState.Status.SKIPPED);
    }

    private List<StepState.Status> statuses() {
        return ledger.last(OperationState.class).steps().stream()
                .map(StepState::status)
                .toList();
    }

    private static OperationState cutOff(String step) {
        OperationState like = Scripted.accepted(Scripted.cluster());
        return new OperationState(
                like.schema(),
                like.id(),
                like.cluster(),
                like.uid(),
                like.kind(),
                null,
                like.actor(),
                Status.RUNNING,
                "",
                like.acceptedAt(),
                null,
                List.of(new StepState(step, "r1", "do it", StepState.Status.RUNNING, "", 0)),
                Set.of());
    }
}
