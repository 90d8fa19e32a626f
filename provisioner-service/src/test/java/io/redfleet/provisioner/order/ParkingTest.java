package io.redfleet.provisioner.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.OperationEvent.Parked;
import io.redfleet.contracts.event.OperationEvent.Unparked;
import io.redfleet.contracts.event.RestartEvent;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Position;
import io.redfleet.contracts.wire.Request;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A cluster whose record cannot be read. */
class ParkingTest extends DeskGround {
    private static final Position AT = new Position("redfleet.clusters.v1", 3, 8);
    private static final String WHY = "schema 2 is newer than this release's 1";

    @Test
    void nothingIsDoneOnItsHostsAndWhoeverAsksIsToldWhy() {
        OperationId made = accepted(apply("a"));
        runAll();
        Remediation asked = remediation("down-1");
        int written = ledger.all(ClusterState.class).size();
        AtomicInteger calls = new AtomicInteger();
        onCall = calls::incrementAndGet;

        desk.parking().unread(ORDERS, AT, Optional.empty(), WHY);

        assertThat(ledger.events(Parked.class)).containsExactly(new Parked(AT, WHY));
        assertThat(ledger.last(Fact.class).about().uid()).isEqualTo(cluster().uid());
        for (Request request : new Request[] {
            apply("b"),
            new Request.ShowPlan(),
            new Request.ShowSudoers(),
            new Request.ShowVerification(),
            new Request.Delete("orders", true),
            new Request.DeleteArchived("orders"),
            new Request.ShowRemoval(false, true),
            new Request.Run(REPLICA, Request.Verb.RESTART, ""),
            new Request.ResumeOperation(made)
        }) {
            Outcome.Result answer = take(request);
            assertThat(answer).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
                assertThat(refused.problem().status()).isEqualTo(409);
                assertThat(refused.problem().detail()).contains("parked", WHY, "offset 8");
            });
        }
        new Remedies(desk).take(asked, () -> done++);
        runAll();
        assertThat(ledger.events(RestartEvent.Withheld.class))
                .containsExactly(new RestartEvent.Withheld("down-1", "parked"));
        assertThat(calls).hasValue(0);
        assertThat(ledger.all(ClusterState.class)).hasSize(written);
    }

    @Test
    void whatRunsStopsAndWritesNothingOverTheUnreadableRecord() {
        OperationId running = accepted(apply("a"));
        int written = ledger.all(ClusterState.class).size();
        onCall = () -> {
            onCall = () -> {};
            desk.parking().unread(ORDERS, AT, Optional.empty(), WHY);
        };

        runAll();

        assertThat(operation(running).status()).isEqualTo(Status.CANCELLED);
        assertThat(ledger.all(ClusterState.class)).hasSize(written);
    }

    @Test
    void aReadableRecordLiftsItAndWorkGoesOn() {
        accepted(apply("a"));
        runAll();
        ClusterState standing = cluster();
        desk.parking().unread(ORDERS, AT, Optional.of("u-later"), WHY);

        desk.parking().read(ORDERS, Optional.of(standing));

        assertThat(ledger.events(Unparked.class)).hasSize(1);
        assertThat(ledger.last(Fact.class).about().uid()).isEqualTo(new ClusterUid("u-later"));
        OperationId next = accepted(apply("b"));
        runAll();
        assertThat(operation(next).status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void ourOwnRecordThatComesBackLiftsNothingAndIsNoNews() {
        accepted(apply("a"));
        runAll();
        int written = ledger.all(Object.class).size();

        desk.parking().read(ORDERS, Optional.of(cluster()));

        assertThat(ledger.all(Object.class)).hasSize(written);
    }

    @Test
    void theNextOwnerTellsTheSameAndLeavesAnUnfinishedOperationForWhenItCanBeRead() {
        OperationId begun = accepted(apply("a"));
        ClusterState standing = cluster();
        OperationState unfinished = operation(begun);
        operations.clear();
        desk.parking().unread(ORDERS, AT, Optional.empty(), WHY);
        String id = ledger.last(Fact.class).id();

        Desk next = desk(ledger);
        next.replayed(standing);
        next.parking().replayedUnread(ORDERS, AT, Optional.empty(), WHY);
        next.replayed(unfinished);
        next.open();
        runAll();

        assertThat(ledger.last(Fact.class).id()).isEqualTo(id);
        assertThat(operation(begun).status().done()).isFalse();
        next.parking().read(ORDERS, Optional.of(standing));
        runAll();
        assertThat(operation(begun).status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void anOperationThatCannotBeReadParksItsClusterAndNoOtherOfTheName() {
        OperationId begun = accepted(apply("a"));
        ClusterState standing = cluster();
        OperationState unfinished = operation(begun);
        operations.clear();
        Position at = new Position("redfleet.operations.v1", 3, 8);

        Desk next = desk(ledger);
        next.replayed(standing);
        next.replayed(unfinished);
        next.replayedEnd(ORDERS, begun);
        next.parking()
                .replayedUnread(ORDERS, begun, at, Optional.of(standing.uid().value()), WHY);
        next.open();
        runAll();
        assertThat(ledger.events(Parked.class)).containsExactly(new Parked(at, WHY));
        assertThat(next.parking().withheld(ORDERS)).isPresent();
        assertThat(operation(begun).status().done()).isFalse();

        Desk other = desk(ledger);
        other.replayed(standing);
        other.parking().replayedUnread(ORDERS, begun, at, Optional.of("u-former"), WHY);
        other.open();
        assertThat(other.parking().withheld(ORDERS)).isEmpty();

        Desk mended = desk(ledger);
        mended.parking().replayedUnread(ORDERS, begun, at, Optional.empty(), WHY);
        mended.replayed(unfinished);
        mended.replayed(standing);
        mended.open();
        runAll();
        assertThat(mended.parking().withheld(ORDERS)).isEmpty();
        assertThat(operation(begun).status()).isEqualTo(Status.SUCCEEDED);
    }
}
