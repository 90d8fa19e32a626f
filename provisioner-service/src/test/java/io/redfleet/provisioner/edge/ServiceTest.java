package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.SealedSecret;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.event.RestartEvent;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.contracts.wire.Request.Verb;
import io.redfleet.contracts.wire.Violation;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;

/** The whole service on a real broker, real sshd and real Redis: orders in, outcomes and facts out. */
@Timeout(300)
class ServiceTest extends ServiceGround {
    @Test
    @Execution(CONCURRENT)
    void aClusterIsBornMaintainedAndBuriedByOrders() throws Exception {
        whatIsWrongIsRefusedAndADryRunChangesNothing();
        anOrderMakesTheClusterStand();
        aStaleRevisionIsRefused();
        theMasterIsNotStoppedWithoutTheExactWord();
        aReplicaIsRestartedWithEvidence();
        whatAPersonStoppedIsNotRestarted();
        whatDiedIsRestartedAsAReplicaOnce();
        aHostThatGoesAwayAndComesBackIsTold();
        aNewProcessKnowsWhatTheOldOneKnew();
        theClusterIsRemovedByNameAndItsDataKept();
    }

    @Tag("long")
    @Test
    void whatAnOwnerLeftUnfinishedIsCarriedOnByTheNext() throws Exception {
        OperationId accepted = bus.accepted(apply(Map.of(), null, true));
        Await.until(
                "a first step",
                Duration.ofSeconds(30),
                () -> !bus.events("operation.stepDone").isEmpty());
        service.close();
        service = opened();
        OperationState ended = bus.ended(accepted);
        assertThat(ended.status()).as(ended.reason()).isEqualTo(Status.SUCCEEDED);
        Await.until("the cluster is ready", Duration.ofSeconds(5), () -> phase() == Phase.READY);
        assertThat(bus.events("operation.failed")).isEmpty();
    }

    @Test
    @Execution(CONCURRENT)
    void anOrderReadTwiceIsOneOperationAndAThirdOperationIsRefused() {
        OperationId first = bus.accepted(apply(Map.of(), null, true));
        OperationId second = bus.accepted(apply(Map.of("maxmemory", "64mb"), 1L, false));
        Problem third = bus.refused(apply(Map.of("maxmemory", "32mb"), 2L, false));
        assertThat(third.status()).isEqualTo(409);
        assertThat(third.detail()).contains(first.value()).contains(second.value());
        bus.order(new Request.CancelOperation(second));
        assertThat(bus.ended(second).status()).isEqualTo(Status.CANCELLED);
        bus.repeat();
        assertThat(bus.ended(first).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(bus.events("operation.started")).hasSize(1);

        OperationState removal = bus.operation(new Request.Delete("orders", false));
        assertThat(removal.status()).as(removal.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(trio.process(MASTER)).isEmpty();
        assertThat(trio.directory(MASTER)).doesNotExist();
        assertThat(trio.host(1).home().resolve("orders/redis-sentinel")).doesNotExist();
    }

    private void whatIsWrongIsRefusedAndADryRunChangesNothing() {
        Problem problem = bus.refused(apply(Map.of("dir", "/etc"), null, true));
        assertThat(problem.status()).isEqualTo(422);
        assertThat(problem.errors()).extracting(Violation::field).containsExactly("spec.redis.config.dir");
        assertThat(bus.refused(new Request.Apply("{", null, false, false)).status())
                .isEqualTo(422);
        assertThat(bus.refused(new Request.ShowPlan()).status()).isEqualTo(404);
        Outcome.Result dry = bus.order(new Request.Apply(document(Map.of()), null, true, true));
        assertThat(((Outcome.Answered) dry).body())
                .contains("r1/redis-server/start")
                .contains("+ replicaof 127.0.0.11");
        assertThat(bus.cluster()).isEmpty();
        assertThat(trio.directory(MASTER)).doesNotExist();
    }

    private void anOrderMakesTheClusterStand() throws Exception {
        OperationState operation = bus.operation(apply(Map.of("maxmemory", "64mb"), null, true));
        assertThat(operation.status()).as(operation.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(operation.actor().name()).isEqualTo("alice");
        Await.until("the cluster is ready", Duration.ofSeconds(5), () -> phase() == Phase.READY);
        assertThat(bus.events("cluster.accepted")).hasSize(1);
        assertThat(bus.events("operation.started")).hasSize(1);
        assertThat(bus.events("operation.stepDone")).hasSizeGreaterThan(15);
        assertThat(bus.all(Topic.SECRETS, SealedSecret.class)).hasSize(Purpose.values().length);
        theFilesOfAnInstanceAreItsOwn();
        try (RedisCall master = call(1, trio.redisPort(1), Purpose.APPLICATION)) {
            assertThat(master.call("SET", "k", "v")).isEqualTo("OK");
            assertThat(master.call("WAIT", "2", "5000")).isEqualTo(2L);
        }
    }

    private void theFilesOfAnInstanceAreItsOwn() throws IOException {
        for (String file : List.of("redis.conf", "users.acl")) {
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(trio.directory(MASTER).resolve(file))))
                    .isEqualTo("rw-------");
        }
        assertThat(Files.readString(trio.directory(MASTER).resolve("users.acl")))
                .contains(password(Purpose.ADMIN).hash())
                .doesNotContain(password(Purpose.ADMIN).reveal());
    }

    private void aStaleRevisionIsRefused() {
        assertThat(bus.refused(apply(Map.of(), 7L, false)).status()).isEqualTo(409);
        assertThat(bus.refused(apply(Map.of(), null, true)).status()).isEqualTo(409);
    }

    private void theMasterIsNotStoppedWithoutTheExactWord() {
        Problem problem = bus.refused(new Request.Run(MASTER, Verb.RESTART, ""));
        assertThat(problem.status()).isEqualTo(409);
        assertThat(problem.detail()).contains("switch over first").contains(MASTER.value());
        assertThat(bus.refused(new Request.Run(new InstanceId("r9/redis-server"), Verb.STOP, ""))
                        .status())
                .isEqualTo(404);
    }

    private void aReplicaIsRestartedWithEvidence() throws Exception {
        awaitNothingSaved(3);
        long before = pid(REPLICA);
        OperationState restart = bus.operation(new Request.Run(REPLICA, Verb.RESTART, ""));
        assertThat(restart.status()).as(restart.reason()).isEqualTo(Status.SUCCEEDED);
        RestartEvent.Performed performed = (RestartEvent.Performed)
                bus.events("restart.performed").getLast().event();
        assertThat(performed.pidBefore()).isEqualTo(before);
        assertThat(performed.pidAfter()).isEqualTo(pid(REPLICA)).isNotEqualTo(before);
    }

    private void whatAPersonStoppedIsNotRestarted() throws Exception {
        awaitNothingSaved(3);
        OperationState stop = bus.operation(new Request.Run(REPLICA, Verb.STOP, ""));
        assertThat(stop.status()).as(stop.reason()).isEqualTo(Status.SUCCEEDED);
        bus.ask(remediation("a", REPLICA));
        awaitEvents("restart.withheld", 1);
        assertThat(((RestartEvent.Withheld)
                                bus.events("restart.withheld").getLast().event())
                        .rule())
                .isEqualTo("stopped");
        assertThat(bus.operation(new Request.Run(REPLICA, Verb.START, "")).status())
                .isEqualTo(Status.SUCCEEDED);
    }

    private void whatDiedIsRestartedAsAReplicaOnce() throws Exception {
        int performed = bus.events("restart.performed").size();
        awaitProcess(facts -> facts.present() && facts.pid() == pid(REPLICA));
        trio.process(REPLICA).orElseThrow().destroyForcibly();
        awaitProcess(facts -> !facts.present() && !facts.stopped());
        bus.ask(remediation("b", REPLICA));
        bus.ask(remediation("b", REPLICA));
        awaitEvents("restart.performed", performed + 1);
        try (RedisCall replica = call(3, trio.redisPort(3), Purpose.PROBE)) {
            assertThat(Objects.requireNonNull((List<?>) replica.call("ROLE")).getFirst())
                    .isEqualTo("slave");
        }
        bus.ask(remediation("c", REPLICA));
        awaitEvents("restart.withheld", 2);
        assertThat(bus.events("restart.performed")).hasSize(performed + 1);
    }

    private void aNewProcessKnowsWhatTheOldOneKnew() throws Exception {
        service.close();
        service = opened();
        Outcome.Result shown = bus.order(new Request.ShowPlan());
        assertThat(((Outcome.Answered) shown).body()).contains("\"changes\":0");
    }

    private void theClusterIsRemovedByNameAndItsDataKept() {
        assertThat(bus.refused(new Request.Delete("order", true)).status()).isEqualTo(422);
        OperationState removal = bus.operation(new Request.Delete("orders", true));
        assertThat(removal.status()).as(removal.reason()).isEqualTo(Status.SUCCEEDED);
        Await.until("the record's end", Duration.ofSeconds(5), () -> bus.clusterIsGone());
        assertThat(bus.events("cluster.removed")).hasSize(1);
        assertThat(trio.process(MASTER)).isEmpty();
        assertThat(trio.directory(MASTER).resolve("data/appendonlydir")).isNotEmptyDirectory();
        assertThat(bus.refused(new Request.ShowPlan()).status()).isEqualTo(404);

        // A new cluster is not put upon the files of the old one, and gives its ports to nobody's.
        OperationState again = bus.operation(apply(Map.of(), null, true));
        assertThat(again.status()).isEqualTo(Status.FAILED);
        assertThat(again.reason())
                .contains("removed and its files were kept", "move ", "r1")
                .doesNotContain("port taken");
    }

    private void aHostThatGoesAwayAndComesBackIsTold() throws Exception {
        trio.host(2).kill();
        awaitEvents("host.unreachable", 1);
        trio.host(2).resume();
        awaitEvents("host.reachable", 1);
    }
}
