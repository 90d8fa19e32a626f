package io.redfleet.provisioner.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.wire.Request;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whose turn it is, and what stands meanwhile. */
class TurnTest extends DeskGround {
    @Test
    void aRevisionAcceptedBeforeTheWorkOnTheEarlierOneBeginsStaysTheLatest() {
        accepted(apply("a"));
        OperationId second = accepted(apply("b"));
        assertThat(cluster().revision()).isEqualTo(2);
        // The work on the first writes nothing over it.
        Set<Phase> during = new HashSet<>();
        onCall = () -> during.add(cluster().phase());
        operations.removeFirst().run();
        assertThat(during).containsExactly(Phase.ACCEPTED);
        assertThat(ledger.all(ClusterState.class).stream().mapToLong(ClusterState::revision))
                .isSorted();
        runAll();
        assertThat(cluster().revision()).isEqualTo(2);
        assertThat(cluster().phase()).isEqualTo(Phase.READY);
        assertThat(cluster().spec().labels()).containsEntry("team", "b");
        assertThat(operation(second).status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void whatWaitsBehindARemovalFailsAndTheNameIsFree() {
        broken = script -> true;
        OperationId failed = accepted(apply("a"));
        runAll();
        broken = script -> false;
        accepted(apply("a"));
        runAll();
        accepted(new Request.Delete("orders", true));
        OperationId behind = accepted(new Request.ResumeOperation(failed));
        runAll();
        assertThat(operation(behind).status()).isEqualTo(Status.FAILED);
        assertThat(operation(behind).reason()).isEqualTo("the cluster is gone");

        ClusterUid former = cluster().uid();
        OperationId again = accepted(apply("a"));
        runAll();
        // Its directories were kept, so the new cluster of the name is told so.
        assertThat(operation(again).reason()).contains("its directory belongs to " + former);
        assertThat(cluster().uid()).isNotEqualTo(former);
    }

    @Test
    void anOldRemovalIsNotCarriedOutOnANewClusterOfThatName() {
        accepted(apply("a"));
        runAll();
        OperationId removal = accepted(new Request.Delete("orders", false));
        OperationState begun = operation(removal);
        ClusterState standing = cluster();
        ClusterState reborn = new ClusterState(
                ClusterState.SCHEMA, new ClusterUid("another"), 1, Phase.READY, "", now, standing.spec());
        operations.clear();

        Desk next = desk(ledger);
        next.replayed(reborn);
        next.replayed(begun);
        next.open();
        runAll();
        assertThat(operation(removal).status()).isEqualTo(Status.FAILED);
        assertThat(operation(removal).reason()).isEqualTo("the cluster is gone");
        assertThat(hosts.masters()).isNotEmpty();
        assertThat(ledger.events(OperationEvent.Removed.class)).isEmpty();
    }

    @Test
    void aRemovalThatIsCancelledWhileItWaitsLeavesTheClusterAsItWas() {
        accepted(apply("a"));
        runAll();
        asked(new Request.Run(REPLICA, Request.Verb.STOP, ""));
        OperationId removal = accepted(new Request.Delete("orders", true));
        take(new Request.CancelOperation(removal));
        runAll();
        assertThat(operation(removal).status()).isEqualTo(Status.CANCELLED);
        assertThat(ledger.all(ClusterState.class))
                .extracting(ClusterState::phase)
                .doesNotContain(Phase.REMOVING);
        assertThat(cluster().phase()).isEqualTo(Phase.READY);
    }

    @Test
    void whatIsDoneToOneInstanceIsToldOfThatInstance() {
        accepted(apply("a"));
        runAll();
        OperationId stop = asked(new Request.Run(REPLICA, Request.Verb.STOP, ""));
        runAll();
        assertThat(operation(stop).instance()).isEqualTo(REPLICA);
        assertThat(ledger.all(Fact.class))
                .filteredOn(fact -> fact.event() instanceof OperationEvent.Started
                        || fact.event() instanceof OperationEvent.Succeeded)
                .extracting(fact -> fact.about().instance())
                .containsExactly(null, null, REPLICA, REPLICA);
    }

    @Test
    void aProvisioningWithAStopBehindItStillEndsReady() {
        accepted(apply("a"));
        runAll();
        accepted(apply("b"));
        asked(new Request.Run(REPLICA, Request.Verb.STOP, ""));
        runAll();
        assertThat(cluster().phase()).isEqualTo(Phase.READY);
    }
}
