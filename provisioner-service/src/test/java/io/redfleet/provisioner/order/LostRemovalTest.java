package io.redfleet.provisioner.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Leaving;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The end of a cluster that has lost a machine. */
class LostRemovalTest extends DeskGround {
    private static final Request WITHOUT_R2 = new Request.Delete("orders", false, List.of("r2"));

    @Test
    void aNewDeployThatFailedHalfWayIsTakenBackThoughOneOfItsHostsIsDead() {
        onCall = () -> {
            if (hosts.running().size() >= 2) {
                dead.add("r2");
            }
        };
        OperationState deploy = ended(accepted(apply("a")));
        assertThat(deploy.status()).isEqualTo(Status.FAILED);
        List<String> onR2 = onR2();

        OperationState refused = ended(accepted(new Request.Delete("orders", false)));
        assertThat(refused.status()).isEqualTo(Status.FAILED);
        assertThat(refused.reason()).contains("r2", "if its machine is lost for good, say lost=r2");

        OperationState removal = ended(asked(WITHOUT_R2));
        assertThat(removal.status()).as(removal.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(removal.steps()).extracting(StepState::id).noneMatch(id -> id.startsWith("r2/"));
        assertThat(hosts.running()).as("nothing on it is touched").isEqualTo(onR2);
        assertThat(hosts.harm()).isEmpty();
        assertThat(ledger.events(OperationEvent.Removed.class))
                .singleElement()
                .satisfies(removed -> assertThat(removed.lastSpec().hosts())
                        .as("the spec that it had")
                        .hasSize(3));
        assertThat(desk.cluster(ORDERS)).isEmpty();
    }

    @Test
    void aClusterThatHasLostAllItsMachinesIsForgotten() {
        standing();
        dead.addAll(List.of("r1", "r2", "r3"));
        OperationState removal = ended(asked(new Request.Delete("orders", true, List.of("r1", "r2", "r3"))));
        assertThat(removal.status()).as(removal.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(removal.steps()).isEmpty();
        assertThat(desk.cluster(ORDERS)).isEmpty();
    }

    @Test
    void theRecordSaysWhoIsLostSoThatWhoeverCarriesItOnKnows() {
        standing();
        dead.add("r2");
        OperationId removal = asked(WITHOUT_R2);
        ClusterState given = cluster();
        assertThat(given.revision()).isEqualTo(2);
        assertThat(given.spec().hosts()).extracting(host -> host.name().value()).containsExactly("r1", "r3");
        assertThat(given.leavers())
                .singleElement()
                .satisfies(leaver -> assertThat(leaver.lost()).isTrue())
                .extracting(Leaving::host)
                .satisfies(host -> assertThat(host.instances()).hasSize(2));

        // Another owner.
        operations.clear();
        Desk next = desk(ledger);
        next.replayed(given);
        next.replayed(operation(removal));
        next.open();
        runAll();
        assertThat(operation(removal).status()).as(operation(removal).reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(hosts.running()).isNotEmpty().allMatch(directory -> directory.contains("/r2/"));
    }

    @Test
    void aHostThatAnswersIsNotLost() {
        standing();
        Problem problem = refused(WITHOUT_R2);
        assertThat(problem.status()).isEqualTo(409);
        assertThat(problem.detail()).isEqualTo("r2: lost: the host answers, so it is not lost: delete without lost=r2");
        assertThat(cluster().revision()).isEqualTo(1);
        assertThat(cluster().leavers()).isEmpty();
        assertThat(hosts.running()).hasSize(6);
    }

    @Test
    void whoIsNoHostOfItIsNotLost() {
        standing();
        Problem problem = ((Outcome.Refused) take(new Request.Delete("orders", true, List.of("r9")))).problem();
        assertThat(problem.status()).isEqualTo(422);
        assertThat(problem.errors()).singleElement().satisfies(broken -> {
            assertThat(broken.field()).isEqualTo("lost");
            assertThat(broken.value()).isEqualTo("r9");
        });
        assertThat(operations).isEmpty();
    }

    @Test
    void itNeedsTheNameAsAnyRemovalDoesAndGivesNobodyUpWithoutIt() {
        standing();
        dead.add("r2");
        assertThat(refused(new Request.Delete("order", true, List.of("r2"))).status())
                .isEqualTo(422);
        assertThat(cluster().leavers()).isEmpty();
    }

    @Test
    void noHostIsGivenUpUnderAnOperation() {
        standing();
        dead.add("r2");
        accepted(apply("b"));
        Problem problem = refused(WITHOUT_R2);
        assertThat(problem.status()).isEqualTo(409);
        assertThat(problem.detail()).contains("works on the cluster", "nothing was changed");
        assertThat(cluster().leavers()).isEmpty();
    }

    @Test
    void theSameOrderTwiceHasTheEffectOfOne() {
        standing();
        dead.add("r2");
        Order order = order("twice", WITHOUT_R2);
        orders.take(order, () -> done++);
        operations.removeLast().run();
        Outcome.Result first = ledger.last(Outcome.class).result();
        orders.take(order, () -> done++);
        assertThat(ledger.last(Outcome.class).result()).isEqualTo(first);
        assertThat(cluster().revision()).isEqualTo(2);
    }

    @Test
    void aLookSaysWhoIsGivenUpAndWritesNothing() {
        standing();
        dead.add("r2");
        assertThat(looked(new Request.ShowRemoval(true, false, List.of("r2"))))
                .contains("r2 is given up as lost: nothing on it is touched")
                .doesNotContain("r2/redis-server");
        assertThat(looked(new Request.ShowRemoval(true, false)))
                .contains("if its machine is lost for good, say lost=r2");
        dead.clear();
        assertThat(looked(new Request.ShowRemoval(true, false, List.of("r2"))))
                .contains("the host answers, so it is not lost");
        assertThat(cluster().revision()).isEqualTo(1);
        assertThat(cluster().phase()).isEqualTo(Phase.READY);
    }

    private void standing() {
        OperationState deploy = ended(accepted(apply("a")));
        assertThat(deploy.status()).as(deploy.reason()).isEqualTo(Status.SUCCEEDED);
    }

    private OperationState ended(OperationId operation) {
        runAll();
        return operation(operation);
    }

    private List<String> onR2() {
        return hosts.running().stream()
                .filter(directory -> directory.contains("/r2/"))
                .toList();
    }

    private Problem refused(Request request) {
        orders.take(order(request), () -> done++);
        operations.removeLast().run();
        return ((Outcome.Refused) ledger.last(Outcome.class).result()).problem();
    }

    private String looked(Request question) {
        orders.take(order(question), () -> done++);
        operations.removeLast().run();
        return ((Outcome.Answered) ledger.last(Outcome.class).result()).body();
    }
}
