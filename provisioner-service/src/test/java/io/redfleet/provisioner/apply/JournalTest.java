package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.provisioner.plan.Plan;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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
