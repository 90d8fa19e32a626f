package io.redfleet.provisioner.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.codec.Codec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.provisioner.apply.RecordingLedger;
import io.redfleet.provisioner.apply.ScriptedHosts.Cut;
import io.redfleet.provisioner.plan.Restarts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Restarts one after the other as an operation: what is refused at once, and what becomes of it after its owner's death. */
class RollingOrderTest extends DeskGround {
    private static final String R3 = "/base/r3/orders/redis-server";

    @Test
    void anApplyThatAgreesToRestartsMakesAllOfItTrue() {
        provisioned();
        Problem unsaid = ((Outcome.Refused) take(databases("32", null, false))).problem();
        assertThat(unsaid.status()).isEqualTo(422);
        assertThat(unsaid.errors().getFirst().rule()).contains("rolling=true (apply --rolling)");

        OperationId id = asked(databases("32", true, false));
        assertThat(operation(id).rolling()).isTrue();
        runAll();

        assertThat(operation(id).status()).as(operation(id).reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(operation(id).kind()).isEqualTo("provision");
        assertThat(cluster().phase()).isEqualTo(Phase.READY);
        assertThat(cluster().applied()).isEqualTo(2L);
        assertThat(hosts.configuration(R3)).contains("databases 32\n");
    }

    @Test
    void whoOnlyLooksSeesWhatNeedsAWord() {
        provisioned();
        String without = looked(databases("32", null, true));
        assertThat(without).contains("needs --rolling (restart of r3/redis-server)");
        String with = looked(databases("32", true, true));
        assertThat(with).contains("\"id\":\"r1/redis-server/switch\"").doesNotContain("needs --rolling");
        assertThat(hosts.begun().values()).containsOnly(1);
    }

    @Test
    void whatTheGateRefusesIsNoRevision() {
        provisioned();
        hosts.upgrade("7.0.4");
        orders.take(order(databases("32", true, false)), () -> done++);
        runAll();
        Problem problem = ((Outcome.Refused) ledger.last(Outcome.class).result()).problem();
        assertThat(problem.status()).isEqualTo(409);
        assertThat(problem.detail())
                .startsWith("nothing is restarted, and the spec is not accepted: ")
                .contains("an older Redis cannot read");
        assertThat(cluster().revision()).isEqualTo(1);
        assertThat(hosts.begun().values()).containsOnly(1);
    }

    @Test
    void aRollIsRefusedWhereNotAllIsWell() {
        provisioned();
        hosts.kill(R3);
        orders.take(order(new Request.Roll(null)), () -> done++);
        runAll();
        Problem problem = ((Outcome.Refused) ledger.last(Outcome.class).result()).problem();
        assertThat(problem.status()).isEqualTo(409);
        assertThat(problem.detail()).startsWith("r3/redis-server is not ready");
        assertThat(hosts.begun().values()).containsOnly(1);
    }

    @Test
    void aRollLeavesThePhaseAsItIs() {
        provisioned();
        hosts.later(Duration.ofSeconds(100));
        hosts.oneByOne();
        OperationId id = asked(new Request.Roll(null));
        runAll();
        assertThat(operation(id).kind()).isEqualTo("roll");
        assertThat(operation(id).status()).as(operation(id).reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(hosts.begun().values()).hasSize(6).containsOnly(2);
        assertThat(hosts.harm()).isEmpty();
        assertThat(cluster().phase()).isEqualTo(Phase.READY);
    }

    @Test
    void theNextOwnerGoesOnWithARollAndRestartsNobodyTwice() {
        RecordingLedger dying = new RecordingLedger();
        orders = new Orders(desk(dying));
        orders.take(order(databases("16", null, false)), () -> done++);
        runAll();
        hosts.later(Duration.ofSeconds(100));
        hosts.oneByOne();
        orders.take(order(new Request.Roll(null)), () -> done++);
        operations.removeLast().run();
        OperationId id = dying.last(OperationState.class).id();
        int[] starts = {0};
        broken = script -> {
            // The third Sentinel is down by then.
            if (script.name().equals("start") && starts[0]++ == 2) {
                dying.lose();
                hosts.cutAt(0, Cut.BEFORE);
            }
            return false;
        };
        runAll();
        broken = script -> false;
        hosts.mend();
        assertThat(hosts.running()).hasSize(5);

        desk = desk(ledger);
        orders = new Orders(desk);
        dying.all(ClusterState.class).forEach(desk::replayed);
        dying.all(OperationState.class).forEach(desk::replayed);
        desk.open();
        runAll();

        assertThat(operation(id).status()).as(operation(id).reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(hosts.begun().values()).hasSize(6).containsOnly(2);
        assertThat(hosts.harm()).isEmpty();
    }

    @Test
    void thatRestartsWereAgreedToIsKnownToTheNextOwnerAndTheWordForAnOutageIsNot() {
        provisioned();
        String document = databases("32", true, false).document();
        String outage = "r1/redis-server";
        OperationId id =
                asked(new Request.Apply(document, null, false, false, null, null, null, true, outage, null, null));
        OperationState accepted = operation(id);
        assertThat(Task.after(accepted)).hasValue(new Task.Provision("", new Restarts.Needed("")));
    }

    /** Also to an owner of before, who sees that nobody has agreed to a restart. */
    @Test
    void thatTheMasterIsLeftAloneIsKnownToTheNextOwner() {
        provisioned();
        OperationId id = asked(untilMaster("32"));
        assertThat(operation(id).rolling()).isNull();
        assertThat(operation(id).untilMaster()).isTrue();
        assertThat(Task.after(operation(id))).hasValue(new Task.Provision("", new Restarts.Needed("", true)));
    }

    @Test
    void upToTheMasterAllIsDoneAndAPersonSaysWhenTheRestIs() {
        provisioned();
        hosts.oneByOne();
        OperationId id = asked(untilMaster("32"));
        runAll();
        assertThat(operation(id).status()).as(operation(id).reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(operation(id).reason()).contains("stops before the master r1/redis-server");
        assertThat(operation(id).steps()).noneMatch(step -> step.id().startsWith("r1/redis-server/s"));
        assertThat(cluster().phase()).isEqualTo(Phase.READY);
        assertThat(hosts.masters()).containsExactly("/base/r1/orders/redis-server");
        assertThat(hosts.configuration(R3)).contains("databases 32\n");

        OperationId rest = asked(databases("32", true, false));
        runAll();
        assertThat(operation(rest).status()).as(operation(rest).reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(operation(rest).reason()).contains("restarted, in this order: [r1/redis-server]");
        assertThat(hosts.masters()).doesNotContain("/base/r1/orders/redis-server");
        assertThat(hosts.harm()).isEmpty();
    }

    private static Request.Apply untilMaster(String count) {
        String document = databases(count, null, false).document();
        return new Request.Apply(document, null, false, false, null, null, null, null, null, null, true);
    }

    private void provisioned() {
        OperationId made = accepted(databases("16", null, false));
        runAll();
        assertThat(operation(made).status()).as(operation(made).reason()).isEqualTo(Status.SUCCEEDED);
    }

    /** The plan, as text. */
    private String looked(Request request) {
        orders.take(order(request), () -> done++);
        runAll();
        return ((Outcome.Answered) ledger.last(Outcome.class).result()).body();
    }

    private static Request.Apply databases(String count, @Nullable Boolean rolling, boolean dryRun) {
        List<Map<String, String>> three = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i))
                .toList();
        Map<String, Object> redis = Map.of("config", Map.of("databases", count));
        Map<String, Object> document =
                Map.of("metadata", Map.of("name", "orders"), "spec", Map.of("hosts", three, "redis", redis));
        String text = new String(Codec.bytes(document), StandardCharsets.UTF_8);
        return new Request.Apply(text, null, false, dryRun, null, null, null, rolling, null, null, null);
    }
}
