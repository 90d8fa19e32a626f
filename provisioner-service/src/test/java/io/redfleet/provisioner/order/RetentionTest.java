package io.redfleet.provisioner.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.apply.RecordingLedger.Forgotten;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How long operations that are over stay on the bus. */
class RetentionTest extends DeskGround {
    @Test
    void theNewestStayAndEachThatIsAddedEndsTheOldest() {
        List<OperationId> ids = new ArrayList<>();
        for (int i = 0; i < Line.KEPT + 3; i++) {
            ids.add(operation());
        }
        assertThat(forgotten()).containsExactlyElementsOf(ids.subList(0, 3));
    }

    @Test
    void whatAnEarlierOwnerLeftIsEndedAfterTheReplayOnceAndNothingThatIsNotOver() {
        List<OperationId> ids = new ArrayList<>();
        for (int i = 0; i < Line.KEPT; i++) {
            ids.add(operation());
        }
        List<OperationState> all = ids.stream().map(this::operation).toList();
        OperationState open = waiting(all.getFirst(), "waits");
        int before = forgotten().size();

        Desk next = desk(ledger);
        next.replayed(cluster());
        next.replayed(open);
        for (int i = 0; i < 40; i++) {
            next.replayed(done(all.getFirst(), "old-" + i));
        }
        next.replayedEnd(ORDERS, new OperationId("old-0"));
        all.forEach(next::replayed);
        next.open();
        assertThat(forgotten()).hasSize(before);
        runAll();
        List<OperationId> ended = forgotten().subList(before, forgotten().size());
        // The open one is over by now, so one more had to go.
        assertThat(ended).hasSize(40).doesNotHaveDuplicates().doesNotContain(open.id());
        assertThat(ended).doesNotContain(new OperationId("old-0")).contains(new OperationId("old-39"), ids.getFirst());
    }

    @Test
    void aPartitionThatIsLostMeanwhileIsNoFault() {
        OperationId id = operation();
        Desk next = desk(ledger);
        next.replayed(cluster());
        for (int i = 0; i < Line.KEPT + 10; i++) {
            next.replayed(done(operation(id), "old-" + i));
        }
        next.open();
        ledger.lose();
        runAll();
        assertThat(forgotten()).isEmpty();
        assertThat(faults).isEmpty();
    }

    private OperationId operation() {
        now = now.plusSeconds(1);
        OperationId id = accepted(apply("a"));
        runAll();
        return id;
    }

    private List<OperationId> forgotten() {
        return ledger.all(Forgotten.class).stream().map(Forgotten::operation).toList();
    }

    private static OperationState done(OperationState like, String id) {
        return with(like, id, Status.SUCCEEDED);
    }

    private static OperationState waiting(OperationState like, String id) {
        return with(like, id, Status.WAITING);
    }

    private static OperationState with(OperationState like, String id, Status status) {
        return new OperationState(
                like.schema(),
                new OperationId(id),
                like.cluster(),
                like.uid(),
                like.kind(),
                like.instance(),
                like.actor(),
                status,
                like.reason(),
                like.acceptedAt(),
                like.finishedAt(),
                like.steps(),
                like.expectsDown());
    }
}
