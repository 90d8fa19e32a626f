package io.redfleet.provisioner.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An order that comes while another operation holds the cluster, or one of its hosts. */
class OccupiedTest extends DeskGround {
    private static final Request RESTART = new Request.Run(REPLICA, Request.Verb.RESTART, "");

    @Test
    void whoComesSecondIsRefusedAtOnceAndToldWhoHoldsTheCluster() {
        accepted(apply("a"));
        runAll();
        OperationId holder = accepted(apply("b"));
        int known = ledger.all(OperationState.class).size();
        List<Request> seconds = List.of(
                apply("c"),
                new Request.Delete("orders", true),
                new Request.DeleteArchived("orders"),
                RESTART,
                new Request.SwitchOver(null),
                new Request.Roll(null),
                new Request.RotateSecret("application", false));
        for (Request second : seconds) {
            Problem refused = refused(impatient("second-" + seconds.indexOf(second), second));
            assertThat(refused.status()).as("%s", second).isEqualTo(409);
            assertThat(refused.detail())
                    .as("%s", second)
                    .contains(
                            "cluster orders is held by operation " + holder,
                            "provision of cluster orders",
                            "asked for by alice at 1970-01-01T00:00:00Z",
                            "redfleet operations show " + holder,
                            "--wait");
        }
        assertThat(operations).as("no host was asked").hasSize(1);
        assertThat(ledger.all(OperationState.class)).hasSize(known);
        assertThat(ledger.events(OperationEvent.Refused.class))
                .as("one of them brought a spec, and it was not taken")
                .hasSize(1);
        assertThat(cluster().revision()).isEqualTo(2);

        runAll();
        assertThat(operation(holder).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(take(impatient("after", apply("c")))).isInstanceOf(Outcome.Accepted.class);
    }

    @Test
    void whoAsksToWaitHasTheOneTurnBehindIt() {
        OperationId holder = accepted(apply("a"));
        OperationId waiting = accepted(apply("b"));
        Problem third = refused(order(apply("c")));
        assertThat(third.status()).isEqualTo(409);
        assertThat(third.detail()).contains(holder.value(), "runs and", waiting.value(), "waits; cancel one of them");
        assertThat(refused(impatient("fourth", apply("c"))).detail()).contains("is held by operation " + holder);
        runAll();
        assertThat(operation(holder).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(operation(waiting).status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void aQuestionIsAnsweredWhoeverWorks() {
        accepted(apply("a"));
        orders.take(impatient("question", new Request.ShowPlan()), () -> done++);
        operations.removeLast().run();
        assertThat(ledger.last(Outcome.class).result()).isInstanceOf(Outcome.Answered.class);
    }

    @Test
    void anOrderThatComesAgainIsNotInItsOwnWay() {
        Order first = impatient("same", apply("a"));
        Outcome.Result told = take(first);
        assertThat(told).isInstanceOf(Outcome.Accepted.class);
        assertThat(take(first)).isEqualTo(told);
        // Also where it gets past the look at what was answered before, as one of two that were both asked about.
        int answered = ledger.all(Outcome.class).size();
        assertThat(new Interventions(desk).occupied(first)).isTrue();
        assertThat(ledger.all(Outcome.class)).hasSize(answered + 1);
        assertThat(ledger.last(Outcome.class).result()).isEqualTo(told);
        runAll();
        orders.take(impatient("restart", RESTART), () -> done++);
        orders.take(impatient("restart", RESTART), () -> done++);
        runAll();
        assertThat(ledger.all(Outcome.class).reversed().subList(0, 2))
                .extracting(Outcome::result)
                .allSatisfy(result -> assertThat(result).isInstanceOf(Outcome.Accepted.class));
    }

    @Test
    void whatTheMonitorHasAskedForSendsNobodyAway() {
        accepted(apply("a"));
        runAll();
        hosts.kill("/base/r3/orders/redis-server");
        new Remedies(desk).take(remediation("down-1"), () -> done++);
        // The look after which it begins.
        operations.removeFirst().run();
        Job running = desk.line(ORDERS).running().orElseThrow();
        assertThat(running.task()).isInstanceOf(Task.Remedy.class);

        OperationId behind = acceptedAtOnce("behind", apply("b"));
        assertThat(operation(behind).status()).isEqualTo(Status.WAITING);
        assertThat(refused(impatient("third", apply("c"))).detail())
                .contains(running.id().value(), "runs and", behind.value(), "waits; cancel one of them");
        runAll();
        assertThat(operation(running.id()).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(operation(behind).status()).isEqualTo(Status.SUCCEEDED);
    }

    /** What ran runs on, and all that was applied is: another cluster's work says nothing of this one. */
    @Test
    void aHostThatAnotherHoldsIsNoFailureOfTheCluster() {
        accepted(apply("a"));
        runAll();
        ClusterState stood = cluster();
        assertThat(stood.phase()).isEqualTo(Phase.READY);
        // So that there is something to do for an apply of what is applied already.
        hosts.kill("/base/r3/orders/redis-server");
        leased = new Elsewhere("r2");
        now = now.plusSeconds(5);
        List<Request> seconds = List.of(new Request.Delete("orders", true), apply("a"));
        for (Request second : seconds) {
            OperationId turnedAway = acceptedAtOnce("second-" + seconds.indexOf(second), second);
            runAll();
            assertThat(operation(turnedAway).status()).as("%s", second).isEqualTo(Status.CANCELLED);
            assertThat(operation(turnedAway).reason()).startsWith("refused the lease on r2");
            assertThat(cluster().phase()).as("%s", second).isEqualTo(Phase.READY);
            assertThat(cluster().reason()).isEqualTo(stood.reason());
            assertThat(cluster().since()).isEqualTo(stood.since());
        }
        assertThat(ledger.events(OperationEvent.Failed.class)).isEmpty();
        assertThat(ledger.events(OperationEvent.Cancelled.class)).hasSize(2);
    }

    @Test
    void aSpecThatWasRefusedAHostStandsAndIsNotAppliedAndCanBeResumed() {
        accepted(apply("a"));
        runAll();
        hosts.kill("/base/r3/orders/redis-server");
        leased = new Elsewhere("r2");
        OperationId turnedAway = acceptedAtOnce("first", apply("b"));
        runAll();
        assertThat(cluster().revision()).isEqualTo(2);
        assertThat(cluster().applied()).isEqualTo(1);
        assertThat(cluster().phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster().reason()).startsWith("refused the lease on r2");
        ClusterState failed = cluster();

        now = now.plusSeconds(5);
        acceptedAtOnce("delete", new Request.Delete("orders", true));
        runAll();
        assertThat(cluster().phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster().reason()).isEqualTo(failed.reason());
        assertThat(cluster().since()).isEqualTo(failed.since());
        assertThat(take(impatient("resume", new Request.ResumeOperation(turnedAway))))
                .isInstanceOf(Outcome.Accepted.class);
    }

    @Test
    void resumingIsRefusedTooWhileAnotherWorks() {
        leased = new Elsewhere("r2");
        OperationId turnedAway = acceptedAtOnce("first", apply("a"));
        runAll();
        assertThat(operation(turnedAway).status()).isEqualTo(Status.CANCELLED);
        OperationId holder = accepted(apply("b"));
        assertThat(refused(impatient("resume", new Request.ResumeOperation(turnedAway)))
                        .detail())
                .contains("is held by operation " + holder);
    }

    @Test
    void whoComesSecondToAHostIsRefusedItByName() {
        leased = new Elsewhere("r2");
        OperationId second = acceptedAtOnce("second", apply("a"));
        runAll();
        assertThat(operation(second).status()).isEqualTo(Status.CANCELLED);
        assertThat(operation(second).reason())
                .contains(
                        "refused the lease on r2",
                        "cluster billing, operation op-7 (provision)",
                        "since 1970-01-01T00:00:00Z",
                        "whoever covers that cluster can look at it",
                        "--wait")
                .doesNotContain("bob", "operations show");
        assertThat(hosts.changes()).isEmpty();
        assertThat(hosts.holders()).containsExactly("op-7");
    }

    @Test
    void whoAsksToWaitWaitsForAHostAsLongAsEver() {
        leased = new Elsewhere("r2");
        OperationId waiting = accepted(apply("a"));
        runAll();
        assertThat(operation(waiting).reason()).contains("no lease on r2 within 10 s", "op-7");
    }

    /** What was begun is not refused by who carries it on: the wish to be refused was of the moment in which it was given. */
    @Test
    void theNextOwnerWaitsForAHost() {
        leased = new Elsewhere("r2");
        OperationId begun = acceptedAtOnce("begun", apply("a"));
        ClusterState standing = cluster();
        desk.close();
        operations.clear();
        Desk next = desk(ledger);
        next.replayed(standing);
        List.copyOf(ledger.all(OperationState.class)).forEach(next::replayed);
        next.open();
        runAll();
        assertThat(operation(begun).reason()).contains("no lease on r2 within 10 s");
    }

    private OperationId acceptedAtOnce(String command, Request request) {
        return ((Outcome.Accepted) take(impatient(command, request))).operation();
    }

    private Problem refused(Order order) {
        return ((Outcome.Refused) take(order)).problem();
    }
}
