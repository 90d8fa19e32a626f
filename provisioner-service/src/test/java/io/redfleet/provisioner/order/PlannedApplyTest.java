package io.redfleet.provisioner.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An order that names the plan which it has seen. */
class PlannedApplyTest extends DeskGround {
    private static final Pattern PLAN = Pattern.compile("\"plan\":\"([0-9a-f]{16})\"");
    private static final String ANOTHER = "0123456789abcdef";

    @Test
    void thePlanThatWasSeenIsCarriedOut() {
        String seen = dryRun(apply("a"));
        assertThat(dryRun(apply("a")))
                .as("of a cluster that only the order makes")
                .isEqualTo(seen);
        OperationId operation = asked(planned(apply("a"), seen));
        assertThat(operation(operation).plan()).isEqualTo(seen);
        runAll();
        assertThat(operation(operation).status())
                .as(operation(operation).reason())
                .isEqualTo(Status.SUCCEEDED);
        assertThat(operation(operation).plan()).isEqualTo(seen);

        hosts.kill("/base/r3/orders/redis-server");
        String drift = asked(new Request.ShowPlan(), "r3/redis-server/start");
        assertThat(dryRun(apply("a"))).as("the standing spec applied again").isEqualTo(drift);
        OperationId mending = asked(planned(apply("a"), drift));
        runAll();
        assertThat(operation(mending).status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void anotherPlanIsRefusedAndNothingIsAccepted() {
        String seen = dryRun(apply("a"));
        Problem refusal = refused(planned(apply("a"), ANOTHER));
        assertThat(refusal.status()).isEqualTo(409);
        assertThat(refusal.detail()).contains("plan " + ANOTHER, "plan " + seen, "plan again");
        assertThat(ledger.all(ClusterState.class)).isEmpty();
        assertThat(ledger.all(OperationState.class)).isEmpty();
        assertThat(ledger.events(OperationEvent.Refused.class)).hasSize(1);
        assertThat(operations).isEmpty();
    }

    @Test
    void whileSomebodyWorksOnTheClusterNoPlanIsTheOneThatWasSeen() {
        accepted(apply("a"));
        Problem refusal = refused(planned(apply("b"), ANOTHER));
        assertThat(refusal.status()).isEqualTo(409);
        assertThat(refusal.detail()).contains("works on the cluster", "plan again");
        assertThat(cluster().revision()).isEqualTo(1);
    }

    /** A turn behind it would come to the same refusal. */
    @Test
    void whoDoesNotWaitIsNotToldToWaitWithAPlanThatWasSeen() {
        accepted(apply("a"));
        Outcome.Result result = take(impatient("planned", planned(apply("b"), ANOTHER)));
        assertThat(result).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
            assertThat(refused.problem().status()).isEqualTo(409);
            assertThat(refused.problem().detail())
                    .contains("works on the cluster", "plan " + ANOTHER, "plan again")
                    .doesNotContain("--wait");
        });
        assertThat(ledger.events(OperationEvent.Refused.class)).hasSize(1);
        assertThat(cluster().revision()).isEqualTo(1);
    }

    @Test
    void aSpecThatCameWhileTheHostsWereLookedAtMakesItAnotherPlan() {
        accepted(apply("a"));
        runAll();
        String seen = dryRun(apply("b"));
        orders.take(order(planned(apply("b"), seen)), () -> done++);
        Runnable look = operations.removeLast();
        onCall = () -> {
            onCall = () -> {};
            // Taken and done with, all before the first host has answered.
            accepted(apply("c"));
            runAll();
        };
        look.run();
        Outcome.Result answer = ledger.last(Outcome.class).result();
        assertThat(answer)
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.problem().status()).isEqualTo(409));
        assertThat(cluster().spec().labels()).containsEntry("team", "c");
    }

    @ParameterizedTest(name = "the world moves: {0}")
    @ValueSource(booleans = {true, false})
    void theNextOwnerLooksAtThePlanOfAnOperationThatNobodyHasBegun(boolean moves) {
        accepted(apply("a"));
        runAll();
        hosts.kill("/base/r3/orders/redis-server");
        String seen = dryRun(apply("a"));
        OperationId operation = asked(planned(apply("a"), seen));
        operations.clear();
        if (moves) {
            hosts.kill("/base/r2/orders/redis-server");
        }
        int starts = hosts.starts();

        Desk next = desk(ledger);
        next.replayed(cluster());
        ledger.all(OperationState.class).forEach(next::replayed);
        next.open();
        runAll();

        assertThat(operation(operation).status()).isEqualTo(moves ? Status.FAILED : Status.SUCCEEDED);
        assertThat(hosts.starts()).isEqualTo(moves ? starts : starts + 1);
        if (moves) {
            assertThat(operation(operation).reason()).contains("plan " + seen + " is not what would be done now");
        }
    }

    @ParameterizedTest
    @EnumSource(StepState.Status.class)
    void ofAPlanThatWasBegunTheRestIsCarriedOut(StepState.Status status) {
        StepState step = new StepState("r1/redis-server/start", "r1", "start", status, "", 0);
        String held = status == StepState.Status.WAITING ? ANOTHER : "";
        OperationState like = operation(accepted(apply("a")));
        assertThat(Task.after(interrupted(like, step))).hasValue(new Task.Provision(held));
    }

    @ParameterizedTest
    @EnumSource(StepState.Status.class)
    void aPlanOfWhichOnlyTheBuildWasBegunIsStillTheOneThatWasSeen(StepState.Status status) {
        StepState build = new StepState("build/compile", "build", "build Redis", status, "", 0);
        StepState start = new StepState("r1/redis-server/start", "r1", "start", StepState.Status.WAITING, "", 0);
        OperationState like = operation(accepted(apply("a")));
        assertThat(Task.after(interrupted(like, build, start))).hasValue(new Task.Provision(ANOTHER));
        StepState begun = new StepState("r1/redis-server/start", "r1", "start", StepState.Status.RUNNING, "", 0);
        assertThat(Task.after(interrupted(like, build, begun))).hasValue(new Task.Provision(""));
    }

    private static OperationState interrupted(OperationState like, StepState... steps) {
        return new OperationState(
                like.schema(),
                like.id(),
                like.cluster(),
                like.uid(),
                like.kind(),
                null,
                like.actor(),
                Status.RUNNING,
                "",
                like.acceptedAt(),
                null,
                List.of(steps),
                Set.of(),
                ANOTHER);
    }

    private static Request.Apply planned(Request.Apply apply, String plan) {
        return new Request.Apply(apply.document(), null, false, false, plan);
    }

    private String dryRun(Request.Apply apply) {
        return asked(new Request.Apply(apply.document(), null, false, true), "steps");
    }

    /** The id of the plan that is answered. */
    private String asked(Request question, String shows) {
        orders.take(order(question), () -> done++);
        operations.removeLast().run();
        String body = ((Outcome.Answered) ledger.last(Outcome.class).result()).body();
        assertThat(body).contains(shows);
        Matcher plan = PLAN.matcher(body);
        assertThat(plan.find()).as(body).isTrue();
        return plan.group(1);
    }

    private Problem refused(Request request) {
        orders.take(order(request), () -> done++);
        operations.removeLast().run();
        return ((Outcome.Refused) ledger.last(Outcome.class).result()).problem();
    }
}
