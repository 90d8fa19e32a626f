package io.redfleet.provisioner.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.codec.Codec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Orders by which members leave. */
class DepartingTest extends DeskGround {
    @BeforeEach
    void fourHostsStand() {
        accepted(apply(List.of(), "r1", "r2", "r3", "r4"));
        runAll();
        assertThat(cluster().phase()).isEqualTo(Phase.READY);
    }

    @Test
    void nobodyLeavesUnnamed() {
        Problem problem = ((Outcome.Refused) take(apply(List.of(), "r1", "r2", "r3"))).problem();
        assertThat(problem.status()).isEqualTo(409);
        assertThat(problem.detail()).contains("r4/redis-server", "r4/redis-sentinel", "not removed unless named");
        assertThat(cluster().spec().hosts()).hasSize(4);
        assertThat(operations).isEmpty();
    }

    @Test
    void whoIsNamedLeavesAndIsForgottenWithTheEndOfTheOperation() {
        OperationId operation = asked(apply(List.of("r4"), "r1", "r2", "r3"));
        assertThat(cluster().leavers()).hasSize(1);
        assertThat(ledger.events(OperationEvent.MembersLeft.class)).isEmpty();
        runAll();
        OperationState ended = operation(operation);
        assertThat(ended.status()).as(ended.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(cluster().phase()).isEqualTo(Phase.READY);
        assertThat(cluster().leavers()).isEmpty();
        assertThat(hosts.running()).hasSize(6).noneMatch(directory -> directory.contains("/r4/"));
        assertThat(hosts.harm()).isEmpty();

        // The same words once more.
        OperationId again = accepted(apply(List.of("r4"), "r1", "r2", "r3"));
        runAll();
        assertThat(operation(again).reason()).isEqualTo("nothing to change");
        assertThat(ledger.events(OperationEvent.MembersLeft.class))
                .as("nobody watches them any more, so nobody else tells the end of what is open on them")
                .containsExactly(new OperationEvent.MembersLeft(
                        2,
                        List.of(new InstanceId("r4/redis-server"), new InstanceId("r4/redis-sentinel")),
                        List.of("r4")));
    }

    @Test
    void theMasterIsNotLeftOutBeforeItsSuccessorLeadsAndItsSpecStands() {
        Problem problem = refused(apply(List.of("r1"), "r2", "r3", "r4"));
        assertThat(problem.status()).isEqualTo(409);
        assertThat(problem.detail()).contains("the spec is not accepted").contains("switch over first");
        assertThat(cluster().spec().hosts()).hasSize(4);
        assertThat(cluster().leavers()).isEmpty();
        assertThat(hosts.running()).hasSize(8);
    }

    /** As after a crash: whoever carries on finds in the record who leaves. */
    @Test
    void whoLeavesStandsInTheRecordUntilItIsGone() {
        asked(apply(List.of("r4"), "r1", "r2", "r3"));
        broken = script -> script.name().equals("reset");
        runAll();
        assertThat(cluster().phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster().leavers()).hasSize(1);
        assertThat(ledger.events(OperationEvent.MembersLeft.class)).isEmpty();
        broken = script -> false;
        OperationId operation = asked(apply(List.of(), "r1", "r2", "r3"));
        runAll();
        assertThat(operation(operation).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(cluster().leavers()).isEmpty();
        assertThat(hosts.forgotten("10.0.0.14:26379")).isTrue();
    }

    private Problem refused(Request request) {
        orders.take(order(request), () -> done++);
        operations.removeLast().run();
        return ((Outcome.Refused) ledger.last(Outcome.class).result()).problem();
    }

    private static Request.Apply apply(List<String> remove, String... names) {
        List<Map<String, String>> described = Arrays.stream(names)
                .map(name -> Map.of("name", name, "address", "10.0.0.1" + name.substring(1)))
                .toList();
        Map<String, Object> document =
                Map.of("metadata", Map.of("name", "orders"), "spec", Map.of("hosts", described, "redis", Map.of()));
        String text = new String(Codec.bytes(document), StandardCharsets.UTF_8);
        return new Request.Apply(text, null, false, false, null, remove, null, null, null, null, null);
    }
}
