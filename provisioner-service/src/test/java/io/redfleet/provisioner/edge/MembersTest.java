package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Leaving;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.ServiceName;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.apply.Hands;
import io.redfleet.provisioner.apply.Journal;
import io.redfleet.provisioner.apply.Leases;
import io.redfleet.provisioner.apply.PlanRun;
import io.redfleet.provisioner.apply.Provisioning;
import io.redfleet.provisioner.apply.RecordingLedger;
import io.redfleet.provisioner.edge.ssh.SshHosts;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.provisioner.survey.Surveyor;
import io.redfleet.testkit.RedisCall;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Members come and go: real sshd, real Redis, real Sentinel, and somebody who writes all the time. */
@Tag("long")
@Timeout(900)
class MembersTest {
    @TempDir
    Path directory;

    private LoopbackTrio ground;
    private SshHosts ssh;
    private ExecutorService workers;
    private Provisioning provisioning;
    private final Function<ClusterState, Accounts> accounts = PlainLocksmith.accounts();
    private final AtomicBoolean over = new AtomicBoolean();
    /** What a poll found that must never be. */
    private final ConcurrentLinkedQueue<String> lapses = new ConcurrentLinkedQueue<>();

    private int operations;

    @BeforeEach
    void fiveHosts() throws Exception {
        ground = new LoopbackTrio(directory, "", 5);
        ssh = ground.ssh();
        workers = Executors.newFixedThreadPool(20);
        provisioning = new Provisioning(
                new Surveyor(ssh, workers, InstantSource.system(), accounts),
                new PlanRun(new Hands(ssh), workers, InstantSource.system()),
                new Leases(
                        ssh,
                        "provisioner-0",
                        () -> UUID.randomUUID().toString(),
                        InstantSource.system(),
                        Duration.ofMinutes(1)));
    }

    @AfterEach
    void end() {
        over.set(true);
        workers.shutdownNow();
        ssh.close();
        ground.close();
    }

    @Test
    void aMemberIsAddedADeadOneReplacedAndOneRemovedWhileSomebodyWrites() throws Exception {
        ClusterState three = state(1, List.of(1, 2, 3));
        assertApplied(three);
        long master = pid("r1/redis-server");
        long sentinel = pid("r2/redis-sentinel");
        Future<Integer> written = workers.submit(this::write);

        Future<Integer> looks = workers.submit(() -> look(List.of(1, 2, 3)));
        ClusterState four = state(2, List.of(1, 2, 3, 4));
        assertApplied(four);
        over(looks);
        assertKnown(List.of(1, 2, 3, 4));

        ground.process(id("r3/redis-server")).orElseThrow().destroyForcibly();
        ground.process(id("r3/redis-sentinel")).orElseThrow().destroyForcibly();
        ground.host(3).kill();
        looks = workers.submit(() -> look(List.of(1, 2, 4)));
        Leaving lost = new Leaving(four.spec().hosts().get(2), true);
        ClusterState replaced = state(3, List.of(1, 2, 4, 5)).leftBy(List.of(lost));
        assertApplied(replaced);
        over(looks);
        assertKnown(List.of(1, 2, 4, 5));

        looks = workers.submit(() -> look(List.of(1, 2, 5)));
        Leaving leaver = new Leaving(four.spec().hosts().get(3), false);
        ClusterState removed = state(4, List.of(1, 2, 5)).leftBy(List.of(leaver));
        assertApplied(removed);
        over(looks);
        assertKnown(List.of(1, 2, 5));
        assertThat(ground.process(id("r4/redis-server")).filter(ProcessHandle::isAlive))
                .isEmpty();
        assertThat(ground.directory(id("r4/redis-server")).resolve("retired")).exists();
        assertThat(ground.directory(id("r4/redis-server")).resolve("data")).exists();

        writing.set(false);
        int acknowledged = written.get();
        assertThat(acknowledged).isGreaterThan(1000);
        try (RedisCall redis = redis(1);
                RedisCall successor = redis(5)) {
            assertThat(redis.call("SET", "last", "1")).isEqualTo("OK");
            assertThat(redis.call("WAIT", "2", "5000")).isEqualTo(2L);
            for (int i = 0; i < acknowledged; i++) {
                assertThat(successor.call("GET", "k" + i))
                        .as("acknowledged write %d", i)
                        .isEqualTo("" + i);
            }
        }
        assertThat(lapses).isEmpty();
        assertThat(pid("r1/redis-server")).isEqualTo(master);
        assertThat(pid("r2/redis-sentinel")).isEqualTo(sentinel);
    }

    private final AtomicBoolean writing = new AtomicBoolean(true);

    /** How many writes were acknowledged; the first that is not ends it, and the test. */
    private int write() throws IOException, InterruptedException {
        int acknowledged = 0;
        try (RedisCall redis = redis(1)) {
            while (writing.get() && !over.get()) {
                Object said = redis.call("SET", "k" + acknowledged, "" + acknowledged);
                if (!"OK".equals(said)) {
                    throw new IllegalStateException("write " + acknowledged + ": " + said);
                }
                acknowledged++;
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }
        return acknowledged;
    }

    private final AtomicBoolean looking = new AtomicBoolean(true);

    /** All but one of these find their quorum, at each look: one at a time may have forgotten the others. */
    private int look(List<Integer> sentinels) throws InterruptedException {
        int looks = 0;
        while (looking.get() && !over.get()) {
            StringBuilder said = new StringBuilder();
            int usable = 0;
            for (int number : sentinels) {
                String answer = quorum(number);
                usable += answer.startsWith("OK") ? 1 : 0;
                said.append(number).append(": ").append(answer).append("; ");
            }
            if (usable < sentinels.size() - 1) {
                lapses.add(said.toString());
            }
            looks++;
            TimeUnit.MILLISECONDS.sleep(200);
        }
        return looks;
    }

    private void over(Future<Integer> looks) throws Exception {
        looking.set(false);
        assertThat(looks.get()).isGreaterThan(5);
        looking.set(true);
    }

    private String quorum(int number) {
        try (RedisCall sentinel = sentinel(number)) {
            return "" + sentinel.call("SENTINEL", "CKQUORUM", "orders");
        } catch (IOException e) {
            return "" + e.getMessage();
        }
    }

    private void assertKnown(List<Integer> members) throws IOException {
        for (int number : members) {
            try (RedisCall sentinel = sentinel(number)) {
                List<?> master = Objects.requireNonNull((List<?>) sentinel.call("SENTINEL", "MASTER", "orders"));
                String others = "" + (members.size() - 1);
                assertThat(field(master, "num-other-sentinels"))
                        .as("Sentinel %d", number)
                        .isEqualTo(others);
                assertThat(field(master, "num-slaves"))
                        .as("Sentinel %d", number)
                        .isEqualTo(others);
                assertThat(field(master, "quorum")).isEqualTo("" + (members.size() / 2 + 1));
                assertThat(field(master, "ip")).isEqualTo("127.0.0.11");
            }
        }
    }

    private static Object field(List<?> flat, String name) {
        return Objects.requireNonNull(flat.get(flat.indexOf(name) + 1));
    }

    private void assertApplied(ClusterState cluster) {
        Ending ending = apply(cluster);
        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(apply(cluster).reason()).isEqualTo("nothing to change");
    }

    private Ending apply(ClusterState cluster) {
        OperationState state = new OperationState(
                OperationState.SCHEMA,
                new OperationId("op" + operations++),
                cluster.name(),
                cluster.uid(),
                "provision",
                null,
                Actor.self(ServiceName.PROVISIONER),
                Status.WAITING,
                "",
                Instant.now(),
                null,
                List.of(),
                Set.of());
        Journal journal = new Journal(new RecordingLedger(), InstantSource.system(), state);
        Ending ending = provisioning.carryOut(cluster, journal, () -> false);
        journal.finish(ending.status(), ending.reason());
        return ending;
    }

    private ClusterState state(long revision, List<Integer> numbers) {
        return new ClusterState(
                ClusterState.SCHEMA,
                new ClusterUid("u1"),
                revision,
                Phase.ACCEPTED,
                "",
                Instant.EPOCH,
                ground.spec(numbers));
    }

    private RedisCall redis(int number) throws IOException {
        return open(number, ground.redisPort(number), Purpose.APPLICATION);
    }

    private RedisCall sentinel(int number) throws IOException {
        return open(number, ground.sentinelPort(number), Purpose.ADMIN);
    }

    private RedisCall open(int number, int port, Purpose who) throws IOException {
        String password = accounts.apply(ground.cluster(Map.of())).of(who).reveal();
        return RedisCall.open("127.0.0.1" + number, port, Duration.ofSeconds(5)).as(who.word(), password);
    }

    private long pid(String instance) {
        return ground.process(id(instance)).orElseThrow().pid();
    }

    private static InstanceId id(String text) {
        return new InstanceId(text);
    }
}
