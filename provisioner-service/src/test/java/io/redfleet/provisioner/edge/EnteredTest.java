package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.edge.ssh.SshHosts;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.testkit.RedisCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Users, logins and a Sentinel's master that a hand has changed: a plan names them, an apply mends them; real sshd and Redis. */
@Timeout(180)
class EnteredTest {
    @TempDir
    Path directory;

    private LoopbackTrio trio;
    private SshHosts ssh;
    private ExecutorService workers;
    private Handwork work;
    private final Function<ClusterState, Accounts> accounts = PlainLocksmith.accounts();

    @BeforeEach
    void threeHosts() throws Exception {
        trio = new LoopbackTrio(directory);
        ssh = trio.ssh();
        workers = Executors.newFixedThreadPool(12);
        work = new Handwork(ssh, workers, accounts);
    }

    @AfterEach
    void end() {
        workers.shutdownNow();
        ssh.close();
        trio.close();
    }

    @Test
    void whatWasChangedByHandIsNamedAndMendedWhileAllGoesOn() throws Exception {
        ClusterState cluster = trio.cluster(Map.of());
        assertThat(work.apply(cluster).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(ids(cluster)).as("right after the first apply").isEmpty();
        long pid = trio.process(id("r2/redis-server")).orElseThrow().pid();

        try (RedisCall redis = open(2, trio.redisPort(2), Purpose.ADMIN);
                RedisCall sentinel = open(3, trio.sentinelPort(3), Purpose.ADMIN)) {
            redis.call("ACL", "SETUSER", "application", "-set", "resetpass", ">another");
            redis.call("ACL", "DELUSER", "canary");
            redis.call("CONFIG", "SET", "masterauth", "wrong");
            sentinel.call("SENTINEL", "CONFIG", "SET", "sentinel-pass", "wrong");
            sentinel.call("SENTINEL", "REMOVE", "orders");
        }
        assertThat(ids(cluster))
                .containsExactly(
                        "r2/redis-server/users-set",
                        "r3/redis-sentinel/users-set",
                        "r3/redis-sentinel/watch",
                        "r3/redis-sentinel/quorum",
                        "r2/redis-server/file");
        Ending ending = work.apply(cluster);
        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(work.ledger().last(OperationState.class).steps())
                .extracting(StepState::id)
                .contains("r3/redis-sentinel/watch");
        assertThat(ids(cluster)).as("and then nothing").isEmpty();

        assertThat(trio.process(id("r2/redis-server")).orElseThrow().pid()).isEqualTo(pid);
        try (RedisCall application = open(2, trio.redisPort(2), Purpose.APPLICATION);
                RedisCall canary = open(2, trio.redisPort(2), Purpose.CANARY);
                RedisCall sentinel = open(3, trio.sentinelPort(3), Purpose.PROBE)) {
            assertThat(application.call("GET", "k")).isNull();
            assertThat(canary.call("PING")).isEqualTo("PONG");
            assertThat(sentinel.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "orders"))
                    .isEqualTo(List.of("127.0.0.11", "" + trio.redisPort(1)));
        }
        Accounts open = accounts.apply(cluster);
        assertThat(Files.readString(trio.directory(id("r3/redis-sentinel")).resolve("sentinel.conf")))
                .contains(open.of(Purpose.SENTINEL).reveal())
                .contains(open.of(Purpose.PEER).reveal())
                .contains("master-reboot-down-after-period orders 6000");
    }

    private List<String> ids(ClusterState cluster) {
        return work.provisioning().plan(cluster).steps().stream().map(Step::id).toList();
    }

    private RedisCall open(int number, int port, Purpose who) throws IOException {
        String password = accounts.apply(trio.cluster(Map.of())).of(who).reveal();
        return RedisCall.open("127.0.0.1" + number, port, Duration.ofSeconds(2)).as(who.word(), password);
    }

    private static InstanceId id(String text) {
        return new InstanceId(text);
    }
}
