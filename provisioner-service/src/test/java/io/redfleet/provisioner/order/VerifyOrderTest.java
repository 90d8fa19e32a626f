package io.redfleet.provisioner.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Request;
import org.junit.jupiter.api.Test;

/** A verification on demand: a question, not an operation. */
class VerifyOrderTest extends DeskGround {
    @Test
    void itIsAnsweredWithTheReportAndLeavesNoOperation() {
        accepted(apply("a"));
        runAll();
        int operations = ledger.all(OperationState.class).size();
        int changes = hosts.changes().size();
        hosts.verifyFinds("r2", "i.redis-server.mode=. 755 redis\n");

        String body = asks();

        assertThat(body).contains("\"holds\":false", "\"rule\":\"modes\"", "\"subject\":\"r2/redis-server .\"");
        assertThat(ledger.all(OperationState.class)).hasSize(operations);
        assertThat(hosts.changes()).hasSize(changes);
        hosts.verifyFinds("r2", "");
        assertThat(asks()).contains("\"holds\":true");
    }

    /** All steps are done: whoever watches the cluster may act in it as in one that is ready. */
    @Test
    void aClusterThatDoesNotVerifyHasFailedAndItsRevisionIsApplied() {
        hosts.verifyFinds("r2", "i.redis-server.mode=. 755 redis\n");
        accepted(apply("a"));
        runAll();
        assertThat(cluster().phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster().reason()).contains("verification: r2/redis-server .");
        assertThat(cluster().applied()).isEqualTo(1);
        assertThat(cluster().stood()).isTrue();

        hosts.verifyFinds("r2", "");
        accepted(apply("a"));
        runAll();
        assertThat(cluster().phase()).isEqualTo(Phase.READY);
    }

    @Test
    void ofNoClusterThereIsNone() {
        Outcome.Result result = take(new Request.ShowVerification());
        assertThat(result)
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.problem().status()).isEqualTo(404));
    }

    private String asks() {
        orders.take(order(new Request.ShowVerification()), () -> done++);
        operations.removeLast().run();
        return ((Outcome.Answered) ledger.last(Outcome.class).result()).body();
    }
}
