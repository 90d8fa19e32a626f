package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.edge.ssh.SshHosts;
import io.redfleet.provisioner.plan.Decommission;
import io.redfleet.provisioner.plan.Fate;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisCall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two clusters of one group of Sentinels, on real sshd, real Redis, real Sentinel. */
@Tag("long")
@Timeout(300)
class GroupedTest {
    private static final Duration SOON = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    private LoopbackTrio trio;
    private SshHosts ssh;
    private ExecutorService workers;
    private Handwork work;
    private final Function<ClusterState, Accounts> accounts = PlainLocksmith.accounts();

    private ClusterState billing;
    private ClusterState shipping;

    @BeforeEach
    void threeHosts() throws Exception {
        trio = new LoopbackTrio(directory);
        ssh = trio.ssh();
        workers = Executors.newFixedThreadPool(12);
        work = new Handwork(ssh, workers, accounts);
        billing = trio.grouped("billing", "ring");
        shipping = trio.grouped("shipping", "ring");
    }

    @AfterEach
    void end() {
        workers.shutdownNow();
        ssh.close();
        trio.close();
    }

    @Test
    void theyShareThreeSentinelsFailOverByThemselvesAndEndOneAfterTheOther() throws Exception {
        succeeds(billing);
        List<Long> pids = sentinelPids(billing);
        succeeds(shipping);
        assertThat(sentinelPids(shipping))
                .as("nobody was started a second time")
                .isEqualTo(pids);
        assertThat(work.apply(billing).reason()).isEqualTo("nothing to change");
        assertThat(work.apply(shipping).reason()).isEqualTo("nothing to change");
        for (ClusterState each : List.of(billing, shipping)) {
            for (int number = 1; number <= 3; number++) {
                assertThat((String) say(
                                each,
                                number,
                                Purpose.PROBE,
                                "SENTINEL",
                                "CKQUORUM",
                                each.name().value()))
                        .startsWith("OK 3 usable");
                assertThat(Files.readString(home(number).resolve("members/" + each.name())))
                        .startsWith(each.name() + " 127.0.0.11:" + trio.sentinelPort(1) + ",");
            }
        }

        oneFailsOverAndTheOtherDoesNot();

        Ending ended = work.removed(billing);
        assertThat(ended.status()).as(ended.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(sentinelPids(shipping)).isEqualTo(pids);
        for (int number = 1; number <= 3; number++) {
            assertThat(String.valueOf(say(shipping, number, Purpose.ADMIN, "SENTINEL", "MASTERS")))
                    .contains("shipping")
                    .doesNotContain("billing");
            assertThat(home(number).resolve("members/billing")).doesNotExist();
            assertThat(shutOut(billing, number)).isTrue();
        }
        assertThat(work.apply(shipping).reason()).isEqualTo("nothing to change");

        Ending last = work.removed(shipping);
        assertThat(last.status()).as(last.reason()).isEqualTo(Status.SUCCEEDED);
        for (int number = 1; number <= 3; number++) {
            assertThat(home(number)).doesNotExist();
        }
        assertThat(sentinelPids(shipping)).containsOnly(0L);
    }

    private void oneFailsOverAndTheOtherDoesNot() throws Exception {
        String stays = named(shipping);
        String before = named(billing);
        assertThat(say(billing, 1, Purpose.ADMIN, "SENTINEL", "FAILOVER", "billing"))
                .isEqualTo("OK");
        Await.until("another master of billing", SOON, () -> !named(billing).equals(before));
        assertThat(named(shipping)).isEqualTo(stays);
        Await.until(
                "billing is whole",
                SOON,
                () -> work.provisioning().plan(billing).steps().isEmpty());
        assertThat(work.apply(billing).reason()).isEqualTo("nothing to change");
        assertThat(work.apply(shipping).reason()).isEqualTo("nothing to change");
    }

    /** One of them has been made anew by another cluster, as on a host that was replaced. */
    @Test
    void whatWasLostOnOneHostIsMadeByOneAndJoinedByTheOther() throws Exception {
        succeeds(billing);
        succeeds(shipping);
        ProcessHandle process = ProcessHandle.of(sentinelPids(billing).get(2)).orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
        remove(home(3));

        succeeds(shipping);
        assertThat(work.provisioning().plan(billing).steps())
                .extracting(Step::id)
                .contains("r3/redis-sentinel/enter", "r3/redis-sentinel/watch", "r3/redis-sentinel/member");
        succeeds(billing);
        for (ClusterState each : List.of(billing, shipping)) {
            assertThat((String) say(
                            each,
                            3,
                            Purpose.PROBE,
                            "SENTINEL",
                            "CKQUORUM",
                            each.name().value()))
                    .startsWith("OK 3 usable");
            assertThat(work.apply(each).reason()).isEqualTo("nothing to change");
        }
    }

    @Test
    void oneThatDoesNotRunHoldsUpAnEndAndNothingIsTouched() throws Exception {
        succeeds(billing);
        succeeds(shipping);
        ProcessHandle process = ProcessHandle.of(sentinelPids(billing).get(1)).orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
        assertThat(Decommission.plan(billing, work.surveyor().survey(billing), Fate.ERASED)
                        .obstacles())
                .singleElement()
                .satisfies(obstacle -> assertThat(obstacle.reason())
                        .contains("does not run, so it cannot forget billing", "[shipping]"));
        succeeds(shipping);
        assertThat(work.removed(billing).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(work.apply(shipping).reason()).isEqualTo("nothing to change");
    }

    private void succeeds(ClusterState cluster) {
        Ending ending = work.apply(cluster);
        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
    }

    private List<Long> sentinelPids(ClusterState cluster) {
        List<Long> pids = new ArrayList<>();
        for (int number = 1; number <= 3; number++) {
            InstanceId id = new InstanceId("r" + number + "/redis-sentinel");
            pids.add(work.surveyor()
                    .survey(cluster)
                    .instance(id)
                    .map(InstanceSurvey::pid)
                    .orElseThrow());
        }
        return pids;
    }

    private String named(ClusterState cluster) {
        try {
            return String.valueOf(say(
                    cluster,
                    2,
                    Purpose.PROBE,
                    "SENTINEL",
                    "GET-MASTER-ADDR-BY-NAME",
                    cluster.name().value()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Object say(ClusterState cluster, int number, Purpose who, String... words) throws IOException {
        try (RedisCall call = RedisCall.open("127.0.0.1" + number, trio.sentinelPort(number), Duration.ofSeconds(5))
                .as(who.word(), accounts.apply(cluster).of(who).reveal())) {
            return Objects.requireNonNull(call.call(words));
        }
    }

    private boolean shutOut(ClusterState cluster, int number) {
        try {
            say(cluster, number, Purpose.ADMIN, "PING");
            return false;
        } catch (IOException refused) {
            return true;
        }
    }

    private Path home(int number) {
        return trio.host(number).home().resolve("group.ring").resolve("redis-sentinel");
    }

    private static void remove(Path tree) throws IOException {
        List<Path> all;
        try (var files = Files.walk(tree)) {
            all = new ArrayList<>(files.toList());
        }
        for (Path path : all.reversed()) {
            Files.delete(path);
        }
    }
}
