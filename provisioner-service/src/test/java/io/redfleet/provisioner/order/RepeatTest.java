package io.redfleet.provisioner.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Request;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The same command sent again is the same command, whenever it was sent. */
class RepeatTest extends DeskGround {
    @Test
    void aCommandSentAgainLaterIsTheSameOperation() {
        accepted(apply("a"));
        runAll();
        Request restart = new Request.Run(REPLICA, Request.Verb.RESTART, "");
        take(order("retry", restart));
        runAll();
        OperationId first = restarts().getFirst();

        now = now.plusSeconds(30);
        assertThat(take(order("retry", restart))).isEqualTo(new Outcome.Accepted(first));
        runAll();
        assertThat(restarts()).hasSize(1);

        orders = new Orders(replayed());
        assertThat(take(order("retry", restart))).isEqualTo(new Outcome.Accepted(first));
        runAll();
        assertThat(restarts()).hasSize(1);
        orders.take(order("another", restart), () -> done++);
        runAll();
        assertThat(restarts()).hasSize(2);
    }

    @Test
    void aCommandSentTwiceBeforeItWasAnsweredIsOneOperation() {
        accepted(apply("a"));
        runAll();
        Request restart = new Request.Run(REPLICA, Request.Verb.RESTART, "");
        orders.take(order("retry", restart), () -> done++);
        now = now.plusSeconds(1);
        orders.take(order("retry", restart), () -> done++);
        runAll();
        assertThat(restarts()).hasSize(1);
        assertThat(ledger.all(Outcome.class).reversed().subList(0, 2))
                .extracting(Outcome::result)
                .containsOnly(new Outcome.Accepted(restarts().getFirst()));
    }

    @Test
    void aRefusedCommandSentAgainIsNotCarriedOutAfterAll() {
        Request.Delete delete = new Request.Delete("orders", true);
        Outcome.Result refused = take(order("delete", delete));
        assertThat(refused).isInstanceOf(Outcome.Refused.class);
        accepted(apply("a"));
        runAll();
        assertThat(take(order("delete", delete))).isEqualTo(refused);
        assertThat(operations).isEmpty();
    }

    @Test
    void aCancelSentAgainIsAnsweredAsBefore() {
        OperationId first = accepted(apply("a"));
        Request.CancelOperation cancel = new Request.CancelOperation(first);
        Outcome.Result accepted = take(order("cancel", cancel));
        runAll();
        now = now.plusSeconds(5);
        assertThat(take(order("cancel", cancel))).isEqualTo(accepted);
    }

    /** Another owner, who knows what lies on the ledger. */
    private Desk replayed() {
        Desk next = desk(ledger);
        next.replayed(cluster());
        ledger.all(OperationState.class).forEach(next::replayed);
        next.open();
        return next;
    }

    private List<OperationId> restarts() {
        return ledger.all(OperationState.class).stream()
                .filter(state -> state.kind().equals("restart"))
                .map(OperationState::id)
                .distinct()
                .toList();
    }
}
