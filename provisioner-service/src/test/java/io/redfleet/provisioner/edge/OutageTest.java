package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.edge.ssh.SshHosts;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

/** A whole cluster that is down, or cannot start any more, and one apply. Real sshd, real Redis, real Sentinel. */
@Timeout(240)
@Tag("long")
class OutageTest {
    @TempDir
    Path directory;

    private LoopbackTrio trio;
    private SshHosts ssh;
    private ExecutorService workers;
    private Handwork work;
    private ClusterState cluster;
    private final Function<ClusterState, Accounts> accounts = PlainLocksmith.accounts();

    @BeforeEach
    void threeHostsThatHoldAKey() throws Exception {
        trio = new LoopbackTrio(directory);
        ssh = trio.ssh();
        workers = Executors.newFixedThreadPool(12);
        work = new Handwork(ssh, workers, accounts);
        cluster = trio.cluster(Map.of());
        assertThat(work.apply(cluster).status()).isEqualTo(Status.SUCCEEDED);
        try (RedisCall master = open(1, trio.redisPort(1), Purpose.APPLICATION)) {
            assertThat(master.call("SET", "k", "v")).isEqualTo("OK");
            assertThat(master.call("WAIT", "2", "5000")).isEqualTo(2L);
        }
    }

    @AfterEach
    void end() {
        workers.shutdownNow();
        ssh.close();
        trio.close();
    }

    @Test
    void oneApplyBringsAllBackWithTheSameMaster() throws Exception {
        saved();
        kill(cluster.spec().members().stream().map(Member::id).toList());
        backUnderR1();
    }

    /** They have held the master for down by the time that it comes back, and fail over to whoever is there. */
    @Test
    void alsoWhereTheSentinelsWereBackLongBefore() throws Exception {
        saved();
        kill(cluster.spec().members().stream().map(Member::id).toList());
        for (int number = 1; number <= 3; number++) {
            start("r" + number + "/redis-sentinel", trio.sentinelPort(number), "redis-sentinel", "sentinel.conf");
        }
        for (int number = 1; number <= 3; number++) {
            try (RedisCall sentinel = open(number, trio.sentinelPort(number), Purpose.PROBE)) {
                Await.until(
                        "a master that is held for down",
                        Duration.ofSeconds(20),
                        () -> flags(sentinel).contains("o_down"));
            }
        }
        backUnderR1();
    }

    @Test
    void linksThatSomebodyHasRemovedAreMadeAnew() throws Exception {
        InstanceId sentinel = new InstanceId("r2/redis-sentinel");
        Path bin = trio.host(2).home().resolve("bin");
        Files.delete(bin.resolve("redis-sentinel"));
        Files.delete(bin.resolve("redis-server"));
        assertThat(work.provisioning().plan(cluster).steps())
                .extracting(Step::id)
                .containsExactly("r2/redis-server/link", "r2/redis-sentinel/link");
        kill(List.of(sentinel));
        long pid = trio.process(new InstanceId("r2/redis-server")).orElseThrow().pid();

        Ending ending = work.apply(cluster);

        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(bin.resolve("redis-sentinel")).isExecutable();
        assertThat(trio.process(sentinel).filter(ProcessHandle::isAlive)).isPresent();
        assertThat(trio.process(new InstanceId("r2/redis-server")).orElseThrow().pid())
                .isEqualTo(pid);
        assertThat(work.provisioning().plan(cluster).steps()).isEmpty();
    }

    private void backUnderR1() throws IOException {
        Ending ending = work.apply(cluster);
        List<StepState> steps = work.ledger().last(OperationState.class).steps();
        assertThat(ending.status()).as(ending.reason() + steps).isEqualTo(Status.SUCCEEDED);
        for (Member member : cluster.spec().members()) {
            assertThat(trio.process(member.id()).filter(ProcessHandle::isAlive))
                    .as("" + member.id())
                    .isPresent();
        }
        for (int number = 1; number <= 3; number++) {
            try (RedisCall sentinel = open(number, trio.sentinelPort(number), Purpose.PROBE);
                    RedisCall redis = open(number, trio.redisPort(number), Purpose.APPLICATION)) {
                assertThat(sentinel.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "orders"))
                        .as("no failover was made to one that happened to come first: %s", steps)
                        .isEqualTo(List.of("127.0.0.11", "" + trio.redisPort(1)));
                assertThat(redis.call("GET", "k")).isEqualTo("v");
                assertThat(Objects.requireNonNull((List<?>) redis.call("ROLE")).getFirst())
                        .isEqualTo(number == 1 ? "master" : "slave");
            }
        }
        assertThat(work.provisioning().plan(cluster).steps()).isEmpty();
    }

    /** What was not stored is gone with the process, as anywhere. */
    private void saved() throws IOException {
        for (int number = 1; number <= 3; number++) {
            try (RedisCall redis = open(number, trio.redisPort(number), Purpose.ADMIN)) {
                assertThat(redis.call("SAVE")).isEqualTo("OK");
            }
        }
    }

    /** All at once: no Sentinel outlives the master. */
    private void kill(List<InstanceId> ids) {
        List<ProcessHandle> processes =
                ids.stream().map(id -> trio.process(id).orElseThrow()).toList();
        processes.forEach(ProcessHandle::destroyForcibly);
        processes.forEach(process -> process.onExit().join());
    }

    /** As a script at boot would. */
    private void start(String id, int port, String program, String file) throws Exception {
        InstanceId instance = new InstanceId(id);
        int number = Integer.parseInt(instance.host().value().substring(1));
        Path home = trio.directory(instance);
        Path binary = trio.host(number).home().resolve("bin").resolve(program);
        new ProcessBuilder("sh", "-c", "umask 077; exec \"$@\"", "sh", "" + binary, "" + home.resolve(file))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Await.until(instance + " answers", Duration.ofSeconds(10), () -> {
            try (RedisCall call = open(number, port, Purpose.PROBE)) {
                return "PONG".equals(call.call("PING"));
            } catch (IOException notYet) {
                return false;
            }
        });
    }

    private static String flags(RedisCall sentinel) {
        try {
            List<?> said = Objects.requireNonNull((List<?>) sentinel.call("SENTINEL", "MASTER", "orders"));
            return "" + said.get(said.indexOf("flags") + 1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private RedisCall open(int number, int port, Purpose who) throws IOException {
        String password = accounts.apply(cluster).of(who).reveal();
        return RedisCall.open("127.0.0.1" + number, port, Duration.ofSeconds(2)).as(who.word(), password);
    }
}
