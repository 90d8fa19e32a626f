package io.redfleet.provisioner.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.provisioner.apply.RecordingLedger;
import io.redfleet.provisioner.apply.ScriptedHosts.Cut;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A planned change of master as an operation: what is refused at once, what becomes of it, and what after its owner's death. */
class SwitchOrderTest extends DeskGround {
    private static final InstanceId R1 = new InstanceId("r1/redis-server");
    private static final InstanceId R2 = new InstanceId("r2/redis-server");

    @Test
    void theOneThatIsWantedIsMasterAfterwards() {
        provisioned();
        OperationId id = asked(new Request.SwitchOver(R2));
        runAll();
        assertThat(operation(id).kind()).isEqualTo("switchover");
        assertThat(operation(id).status()).as(operation(id).reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(operation(id).reason())
                .contains("the Sentinels name 10.0.0.12:6379 instead of r1/redis-server")
                .contains("writes_held_ms=1000");
        assertThat(hosts.masters()).containsExactly("/base/r2/orders/redis-server");
        assertThat(hosts.harm()).isEmpty();
        assertThat(hosts.holders()).isEmpty();
    }

    @Test
    void whatTheGateRefusesIsRefusedAtOnce() {
        provisioned();
        Problem nobody = refused(new Request.SwitchOver(new InstanceId("r9/redis-server")));
        assertThat(nobody.status()).isEqualTo(404);
        hosts.kill("/base/r2/orders/redis-server");
        Problem dead = refused(new Request.SwitchOver(R2));
        assertThat(dead.status()).isEqualTo(409);
        assertThat(dead.detail()).contains("r2/redis-server is no replica of r1/redis-server");
        assertThat(switches()).isZero();
    }

    @Test
    void whatHasChangedSinceItWasAcceptedIsFound() {
        provisioned();
        OperationId id = asked(new Request.SwitchOver(R2));
        hosts.kill("/base/r2/orders/redis-server");
        runAll();
        assertThat(operation(id).status()).isEqualTo(Status.FAILED);
        assertThat(operation(id).reason()).contains("r2/redis-server is no replica of r1/redis-server");
        assertThat(switches()).isZero();
    }

    @Test
    void theMasterNeedsNoSwitch() {
        provisioned();
        OperationId id = asked(new Request.SwitchOver(R1));
        runAll();
        assertThat(operation(id).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(operation(id).reason()).isEqualTo("r1/redis-server is the master");
        assertThat(switches()).isZero();
    }

    @Test
    void anotherThanTheWantedOneIsNoSuccess() {
        provisioned();
        OperationId id = asked(new Request.SwitchOver(null));
        runAll();
        assertThat(operation(id).status()).isEqualTo(Status.SUCCEEDED);
        // r2 is master now. The script switches to r3; the Sentinels have switched back to r1 when somebody looks.
        OperationId wanted = asked(new Request.SwitchOver(REPLICA));
        int[] switched = {0};
        broken = script -> {
            if (script.name().equals("await") && switched[0]++ == 0) {
                hosts.switchTo("10.0.0.11", "6379");
            }
            return false;
        };
        runAll();
        assertThat(operation(wanted).status()).isEqualTo(Status.FAILED);
        assertThat(operation(wanted).reason())
                .contains("name 10.0.0.11:6379 instead of r2/redis-server, and not r3/redis-server");
    }

    @Test
    void theNextOwnerLooksWhatBecameOfItAndDoesNotRepeatIt() {
        OperationId id = interrupted(Cut.AFTER);
        assertThat(operation(id).status()).as(operation(id).reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(operation(id).reason())
                .isEqualTo("interrupted by a restart of the provisioner; now the Sentinels name 10.0.0.12:6379");
        assertThat(switches()).isOne();
    }

    @Test
    void oneThatCameToNothingIsSaidAndIsNotResumed() {
        OperationId id = interrupted(Cut.BEFORE);
        assertThat(operation(id).status()).isEqualTo(Status.FAILED);
        assertThat(operation(id).reason()).contains("now the Sentinels name 10.0.0.11:6379, as before");
        assertThat(switches()).isZero();
        Problem problem = ((Outcome.Refused) take(new Request.ResumeOperation(id))).problem();
        assertThat(problem.status()).isEqualTo(409);
        assertThat(problem.detail()).isEqualTo("only provisioning is resumed; give the order for switchover again");
        assertThat(operations).isEmpty();
    }

    private void provisioned() {
        OperationId made = accepted(apply("a"));
        runAll();
        assertThat(operation(made).status()).as(operation(made).reason()).isEqualTo(Status.SUCCEEDED);
    }

    /** The owner dies while the script is on its way to its host, or has ended there; what the next one made of it. */
    private OperationId interrupted(Cut cut) {
        RecordingLedger dying = new RecordingLedger();
        orders = new Orders(desk(dying));
        orders.take(order(apply("a")), () -> done++);
        runAll();
        orders.take(order(new Request.SwitchOver(R2)), () -> done++);
        operations.removeLast().run();
        OperationId id = dying.last(OperationState.class).id();
        assertThat(dying.last(OperationState.class).kind()).isEqualTo("switchover");
        broken = script -> {
            if (script.name().equals("switch")) {
                dying.lose();
                hosts.cutAt(0, cut);
            }
            return false;
        };
        runAll();
        broken = script -> false;
        hosts.mend();
        desk = desk(ledger);
        orders = new Orders(desk);
        dying.all(ClusterState.class).forEach(desk::replayed);
        dying.all(OperationState.class).forEach(desk::replayed);
        desk.open();
        runAll();
        return id;
    }

    private Problem refused(Request request) {
        orders.take(order(request), () -> done++);
        runAll();
        return ((Outcome.Refused) ledger.last(Outcome.class).result()).problem();
    }

    private long switches() {
        List<String> changes = hosts.changes();
        return changes.stream().filter(change -> change.startsWith("switch ")).count();
    }
}
