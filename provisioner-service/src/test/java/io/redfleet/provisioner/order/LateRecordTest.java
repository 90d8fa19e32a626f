package io.redfleet.provisioner.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.wire.Request;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A record of an owner that was stopped comes through after those of its successor. */
class LateRecordTest extends DeskGround {
    @Test
    void anEndStandsAgainOverEveryRecordOfItsOperation() {
        OperationId id = accepted(apply("a"));
        runAll();
        OperationState end = operation(id);
        List<OperationState> records = ledger.all(OperationState.class);
        assertThat(records).hasSizeGreaterThan(50);
        records.stream().filter(record -> !record.equals(end)).forEach(record -> {
            ledger.operation(record);
            desk.legacy().late(record);
            assertThat(operation(id)).isEqualTo(end);
        });
        assertThat(end.status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void aSuccessorThatOnlyReadTheEndKnowsItToo() {
        OperationId id = accepted(apply("a"));
        runAll();
        OperationState end = operation(id);
        Desk next = desk(ledger);
        ledger.all(ClusterState.class).forEach(next::replayed);
        ledger.all(OperationState.class).forEach(next::replayed);
        next.open();
        OperationState late = ledger.all(OperationState.class).getFirst();
        ledger.operation(late);
        next.legacy().late(late);
        assertThat(operation(id)).isEqualTo(end);
    }

    @Test
    void theEndItselfAndWhatGoesOnAreNotWrittenAgain() {
        OperationId id = accepted(apply("a"));
        int waiting = ledger.all(OperationState.class).size();
        desk.legacy().late(operation(id));
        assertThat(ledger.all(OperationState.class)).hasSize(waiting);
        runAll();
        int all = ledger.all(OperationState.class).size();
        desk.legacy().late(operation(id));
        assertThat(ledger.all(OperationState.class)).hasSize(all);
    }

    @Test
    void theClusterStandsAgain() {
        accepted(apply("a"));
        ClusterState early = cluster();
        runAll();
        assertThat(cluster().phase()).isEqualTo(Phase.READY);
        ClusterState ready = cluster();
        ledger.cluster(early);
        desk.legacy().late(ORDERS);
        assertThat(cluster()).isEqualTo(ready);
    }

    @Test
    void aClusterThatIsGoneStaysGone() {
        accepted(apply("a"));
        runAll();
        ClusterState late = cluster();
        accepted(new Request.Delete("orders", false));
        runAll();
        int ends = ledger.all(ClusterName.class).size();
        ledger.cluster(late);
        desk.legacy().late(ORDERS);
        assertThat(ledger.all(ClusterName.class)).hasSize(ends + 1);
    }
}
