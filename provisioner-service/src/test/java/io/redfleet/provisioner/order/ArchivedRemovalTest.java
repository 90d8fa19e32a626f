package io.redfleet.provisioner.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Request;
import io.redfleet.provisioner.apply.ScriptedHosts.Cut;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A cluster ends, and an archive of its data stays; and what that would be, asked before. */
class ArchivedRemovalTest extends DeskGround {
    private static final String R1 = "/base/r1/orders/redis-server";

    @BeforeEach
    void aCluster() {
        accepted(apply("a"));
        runAll();
        assertThat(cluster().phase()).isEqualTo(Phase.READY);
    }

    @Test
    void theMasterIsArchivedOnceItHasStoppedAndBeforeAnythingIsRemoved() {
        String uid = cluster().uid().value();
        OperationState ended = removed();
        assertThat(ended.status()).as(ended.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(ended.kind()).isEqualTo("decommission-archive");
        assertThat(ended.reason()).contains("the steps that archived it say where it is kept");
        List<String> steps = ended.steps().stream().map(StepState::id).toList();
        assertThat(steps).filteredOn(id -> id.endsWith("/archive")).containsExactly("r1/redis-server/archive");
        int archived = steps.indexOf("r1/redis-server/archive");
        assertThat(steps.subList(0, archived))
                .filteredOn(id -> id.endsWith("redis-server/stop"))
                .as("replicas first, the master last")
                .hasSize(3)
                .last()
                .isEqualTo("r1/redis-server/stop");
        assertThat(steps.subList(0, archived)).noneMatch(id -> id.endsWith("/erase"));
        assertThat(steps.subList(archived, steps.size()))
                .filteredOn(id -> id.endsWith("/erase"))
                .hasSize(6);
        assertThat(ended.steps().get(archived).detail())
                .contains("archive=/base/r1/orders/archive." + uid + "/", "bytes=7", "sha256=c0ffee");
        assertThat(hosts.archived()).containsExactly(R1);
        assertThat(hosts.harm()).isEmpty();
        assertThat(ledger.events(OperationEvent.Removed.class)).hasSize(1);
    }

    @Test
    void whatCannotBeArchivedIsNotRemovedAndTheNextOneArchivesAllOfWhomNobodyKnowsWhatTheyHave() {
        hosts.withoutArchives("there is no room");
        OperationState failed = removed();
        assertThat(failed.status()).isEqualTo(Status.FAILED);
        assertThat(failed.reason()).contains("step r1/redis-server/archive", "there is no room");
        assertThat(hosts.changes()).noneMatch(change -> change.startsWith("erase "));
        assertThat(cluster().phase()).isEqualTo(Phase.FAILED);

        hosts.withoutArchives("");
        OperationState again = removed();
        assertThat(again.status()).as(again.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(hosts.archived()).as("no master answers any more").hasSize(3).contains(R1);
        assertThat(hosts.harm()).isEmpty();
    }

    /** At each call to a host, which is lost before it has an effect, or whose answer is. */
    @ParameterizedTest
    @EnumSource(Cut.class)
    void whereverTheConnectionIsLostNothingIsRemovedThatIsNotArchived(Cut how) {
        int cuts = 0;
        boolean cut = true;
        while (cut) {
            ArchivedRemovalTest fresh = new ArchivedRemovalTest();
            fresh.aCluster();
            fresh.hosts.cutAt(cuts, how);
            OperationState first = fresh.removed();
            cut = fresh.hosts.wasCut();
            fresh.hosts.mend();
            String when = how + " call " + cuts + ": " + first.reason();
            if (first.status() != Status.SUCCEEDED) {
                assertThat(cut).as(when).isTrue();
                OperationState again = fresh.removed();
                assertThat(again.status()).as(when + "; " + again.reason()).isEqualTo(Status.SUCCEEDED);
            }
            assertThat(fresh.hosts.archived()).as(when).contains(R1);
            assertThat(fresh.hosts.harm()).as(when).isEmpty();
            cuts++;
        }
        assertThat(cuts).isGreaterThan(20);
    }

    @Test
    void whoeverCarriesItOnArchivesToo() {
        OperationId removal = accepted(new Request.DeleteArchived("orders"));
        OperationState begun = operation(removal);
        ClusterState standing = cluster();
        operations.clear();

        Desk next = desk(ledger);
        next.replayed(standing);
        next.replayed(begun);
        next.open();
        runAll();
        assertThat(operation(removal).status()).as(operation(removal).reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(hosts.archived()).containsExactly(R1);
    }

    @Test
    void itNeedsTheNameAsAnyRemovalDoes() {
        assertThat(take(new Request.DeleteArchived("order")))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.problem().status()).isEqualTo(422));
        assertThat(operations).isEmpty();
    }

    @Test
    void aLookSaysWhatWouldGoAndWhatStaysAndChangesNothing() {
        List<String> changes = hosts.changes();
        assertThat(looked(new Request.ShowRemoval(false, true)))
                .contains("r1/redis-server/archive", "r3/redis-server/erase", "r2/redis-sentinel/forget")
                .contains("+ /base/r1/orders/archive." + cluster().uid() + "/redis-server-TIME.tar.gz")
                .contains("r1: /base/r1/orders/archive." + cluster().uid() + " stays")
                .contains("r2: no data of it is archived: its data nodes are replicas of a master that answers")
                .doesNotContain("\"plan\"");
        assertThat(looked(new Request.ShowRemoval(false, false)))
                .contains("r1/redis-server/erase", "r1: /base/r1 stays")
                .doesNotContain("archive");
        assertThat(looked(new Request.ShowRemoval(true, false)))
                .contains("r1/redis-server/retire")
                .doesNotContain("erase", "archive");
        assertThat(hosts.changes()).isEqualTo(changes);
        assertThat(hosts.holders()).isEmpty();
        assertThat(cluster().phase()).isEqualTo(Phase.READY);
        assertThat(hosts.masters()).hasSize(1);
    }

    /** To its end. */
    private OperationState removed() {
        OperationId id = accepted(new Request.DeleteArchived("orders"));
        runAll();
        return operation(id);
    }

    private String looked(Request question) {
        orders.take(order(question), () -> done++);
        operations.removeLast().run();
        return ((Outcome.Answered) ledger.last(Outcome.class).result()).body();
    }
}
