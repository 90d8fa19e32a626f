package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.contracts.operation.Verification;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.edge.ssh.SshHosts;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
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
import org.junit.jupiter.api.parallel.Execution;

/** Real sshd, real Redis, real Sentinel. */
@Timeout(180)
class ProvisioningTest {
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
    @Execution(CONCURRENT)
    void aMasterTwoReplicasAndThreeSentinelsStandAfterOneRunAndASecondRunChangesNothing() throws Exception {
        ClusterState cluster = trio.cluster(Map.of("maxmemory", "64mb"));
        Ending ending = apply(cluster);
        assertThat(ending.reason()).isEqualTo("as the spec wants it");
        assertThat(ending.status()).isEqualTo(Status.SUCCEEDED);
        try (RedisCall sentinel = sentinel(2, Purpose.PROBE)) {
            assertThat((String) sentinel.call("SENTINEL", "CKQUORUM", "orders")).startsWith("OK 3 usable");
            assertThat(sentinel.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "orders"))
                    .isEqualTo(List.of("127.0.0.11", "" + trio.redisPort(1)));
        }
        try (RedisCall master = redis(1, Purpose.ADMIN)) {
            assertThat(master.call("CONFIG", "GET", "maxmemory")).isEqualTo(List.of("maxmemory", "67108864"));
        }
        try (RedisCall master = redis(1, Purpose.APPLICATION)) {
            assertThat(master.call("SET", "k", "v")).isEqualTo("OK");
            assertThat(master.call("WAIT", "2", "5000")).isEqualTo(2L);
        }
        String sentinelFile =
                Files.readString(trio.directory(id("r1/redis-sentinel")).resolve("sentinel.conf"));
        assertThat(apply(cluster).reason()).isEqualTo("nothing to change");
        assertThat(Files.readString(trio.directory(id("r1/redis-sentinel")).resolve("sentinel.conf")))
                .isEqualTo(sentinelFile);

        aSurveyBringsNoPasswordHome(cluster);
        aVerificationNamesWhatIsBrokenAndMendsNothing(cluster);
        changedSettingsAreSetWhileRedisRuns();
        aDeadReplicaComesBackAndAPromotedMasterIsLeftAlone(cluster);
    }

    @Tag("long")
    @Test
    void theAppendOnlyFileIsTurnedOnAndOffNodeByNodeTheMasterLastAndSaidOnceItIsWhole() throws Exception {
        assertThat(apply(trio.cluster(Map.of("appendonly", "no"))).status()).isEqualTo(Status.SUCCEEDED);
        try (RedisCall master = redis(1, Purpose.APPLICATION)) {
            assertThat(master.call("SET", "k", "v")).isEqualTo("OK");
            assertThat(master.call("WAIT", "2", "5000")).isEqualTo(2L);
        }
        ClusterState changed = trio.cluster(Map.of("appendonly", "yes"));
        assertThat(work.provisioning().plan(changed).stages().stream().filter(stage -> !stage.isEmpty()))
                .map(stage -> stage.stream().map(Step::id).toList())
                .containsExactly(
                        List.of("r3/redis-server/appendonly"),
                        List.of("r2/redis-server/appendonly"),
                        List.of("r1/redis-server/appendonly"));
        assertThat(apply(changed).status()).isEqualTo(Status.SUCCEEDED);
        for (int number = 1; number <= 3; number++) {
            Path home = trio.directory(id("r" + number + "/redis-server"));
            assertThat(Files.readString(home.resolve("redis.conf"))).contains("appendonly yes");
            assertThat(home.resolve("data/appendonlydir/appendonly.aof.manifest"))
                    .exists();
        }
        assertThat(apply(changed).reason()).isEqualTo("nothing to change");

        assertThat(apply(trio.cluster(Map.of("appendonly", "no"))).status()).isEqualTo(Status.SUCCEEDED);
        for (int number = 1; number <= 3; number++) {
            Path home = trio.directory(id("r" + number + "/redis-server"));
            assertThat(Files.readString(home.resolve("redis.conf"))).contains("appendonly no");
            assertThat(home.resolve("data/dump.rdb")).exists();
        }
    }

    private void aSurveyBringsNoPasswordHome(ClusterState cluster) {
        InstanceSurvey seen =
                work.surveyor().survey(cluster).instance(id("r2/redis-server")).orElseThrow();
        assertThat(seen.config())
                .containsKeys("maxmemory", "masteruser", "save")
                .doesNotContainKeys("masterauth", "requirepass", "tls-key-file-pass");
    }

    private void aVerificationNamesWhatIsBrokenAndMendsNothing(ClusterState cluster) throws Exception {
        Verification well =
                Objects.requireNonNull(work.ledger().last(OperationState.class).verification());
        assertThat(well.holds()).as("%s", well).isTrue();
        assertThat(well.findings()).noneMatch(finding -> finding.ruling() == Verification.Ruling.FAILED);
        assertThat(well.hosts()).hasSize(3).allMatch(host -> host.passed() > 40);
        assertThat(well.limits()).hasSize(6).allMatch(limit -> limit.openFiles().matches("(\\d+|unlimited) .+"));
        assertThat(work.ledger().events(OperationEvent.Verified.class))
                .hasSize(2)
                .allMatch(OperationEvent.Verified::holds);

        Path home = trio.directory(id("r3/redis-server"));
        Path log = trio.directory(id("r1/redis-server")).resolve("log/redis.log");
        String line = "1:M 01 Jan 2026 00:00:00.000 # Can't save in background: fork: Cannot allocate memory\n";
        long pid = pid("r2/redis-server");
        try (RedisCall replica = redis(2, Purpose.ADMIN)) {
            replica.call("CONFIG", "SET", "timeout", "7");
            Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.writeString(log, line, StandardOpenOption.APPEND);

            Verification broken = work.provisioning().verify(cluster);
            assertThat(broken.holds()).isFalse();
            assertThat(broken.findings())
                    .filteredOn(finding -> finding.ruling() == Verification.Ruling.FAILED)
                    .extracting(Verification.Finding::rule, Verification.Finding::subject)
                    .containsExactly(tuple("config", "r2/redis-server timeout"), tuple("modes", "r3/redis-server ."));
            assertThat(broken.findings())
                    .filteredOn(finding -> finding.rule().equals("log-save"))
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.found()).contains("Cannot allocate memory"));

            assertThat(work.provisioning().verify(cluster).findings())
                    .as("a second look")
                    .isEqualTo(broken.findings());
            assertThat(replica.call("CONFIG", "GET", "timeout")).isEqualTo(List.of("timeout", "7"));
            assertThat(Files.getPosixFilePermissions(home)).hasSize(7);
            assertThat(pid("r2/redis-server")).isEqualTo(pid);

            replica.call("CONFIG", "SET", "timeout", "0");
        }
        // Nothing is to be changed, and yet it is not as it should be.
        Ending untrue = apply(cluster);
        assertThat(untrue.status()).isEqualTo(Status.FAILED);
        assertThat(untrue.reason()).contains("verification: r3/redis-server .: modes: has mode 755");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
        assertThat(apply(cluster).reason()).isEqualTo("nothing to change");
    }

    private void changedSettingsAreSetWhileRedisRuns() throws Exception {
        long pid = pid("r1/redis-server");
        ClusterState changed = trio.cluster(Map.of("maxmemory", "32mb"));
        Plan plan = work.provisioning().plan(changed);
        assertThat(plan.steps().getFirst().diff()).containsExactly("- maxmemory 67108864", "+ maxmemory 32mb");
        assertThat(plan.steps()).hasSize(3);
        assertThat(apply(changed).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(pid("r1/redis-server")).isEqualTo(pid);
        assertThat(Files.readString(trio.directory(id("r1/redis-server")).resolve("redis.conf")))
                .contains("maxmemory 32mb");
        assertThat(apply(trio.cluster(Map.of("maxmemory", "64mb"))).status()).isEqualTo(Status.SUCCEEDED);
    }

    private void aDeadReplicaComesBackAndAPromotedMasterIsLeftAlone(ClusterState cluster) throws Exception {
        trio.process(id("r1/redis-server")).orElseThrow().destroyForcibly();
        awaitMasterOtherThan("127.0.0.11");
        Ending ending = apply(cluster);
        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(work.ledger().last(OperationState.class).steps())
                .extracting(StepState::id)
                .startsWith("r1/redis-server/follow", "r1/redis-server/start", "r1/redis-server/linked");
        try (RedisCall former = redis(1, Purpose.APPLICATION)) {
            assertThat(Objects.requireNonNull((List<?>) former.call("ROLE")).getFirst())
                    .isEqualTo("slave");
            assertThat(former.call("GET", "k")).isEqualTo("v");
        }
        passwordsHaveSurvivedAndNobodyWasRefused(cluster);
    }

    /** Redis and Sentinel have rewritten their files by now, and everybody has spoken to everybody. */
    private void passwordsHaveSurvivedAndNobodyWasRefused(ClusterState cluster) throws IOException {
        Accounts open = accounts.apply(cluster);
        for (int number = 1; number <= 3; number++) {
            assertThat(Files.readString(
                            trio.directory(id("r" + number + "/redis-server")).resolve("redis.conf")))
                    .contains(open.of(Purpose.REPLICATION).reveal());
            assertThat(Files.readString(
                            trio.directory(id("r" + number + "/redis-sentinel")).resolve("sentinel.conf")))
                    .contains("config-epoch")
                    .contains(open.of(Purpose.SENTINEL).reveal())
                    .contains(open.of(Purpose.PEER).reveal());
            try (RedisCall redis = redis(number, Purpose.ADMIN);
                    RedisCall sentinel = sentinel(number, Purpose.ADMIN)) {
                assertThat(redis.call("ACL", "LOG")).isEqualTo(List.of());
                assertThat(sentinel.call("ACL", "LOG")).isEqualTo(List.of());
            }
        }
    }

    @Test
    @Execution(CONCURRENT)
    void whatStandsInTheWayIsNamedBeforeAnythingIsTouched() throws Exception {
        trio.host(2).kill();
        Ending unreachable = apply(trio.cluster(Map.of()));
        assertThat(unreachable.status()).isEqualTo(Status.FAILED);
        assertThat(unreachable.reason()).contains("r2").contains("UNREACHABLE");
        trio.host(2).resume();
        try (var stranger =
                new java.net.ServerSocket(trio.redisPort(3), 1, java.net.InetAddress.getByName("127.0.0.13"))) {
            assertThat(stranger.isBound()).isTrue();
            assertThat(apply(trio.cluster(Map.of())).reason())
                    .contains("r3")
                    .contains("redis-server")
                    .contains("port taken");
        }
        assertThat(trio.directory(id("r1/redis-server"))).doesNotExist();
        assertThat(apply(trio.cluster(Map.of())).status()).isEqualTo(Status.SUCCEEDED);

        // Also where nothing listens at the moment.
        ProcessHandle replica = trio.process(id("r3/redis-server")).orElseThrow();
        replica.destroyForcibly();
        replica.onExit().join();
        assertThat(apply(trio.onTheSamePorts("billing")).reason())
                .contains("port taken")
                .contains("is that of u1 orders/r3/redis-server, running or not");
        assertThat(trio.host(3).home().resolve("billing")).doesNotExist();
    }

    /** As after a restore from a backup that is older than the hosts. */
    @Tag("long")
    @Test
    void anOlderSpecThanTheHostsCarryChangesNothingOnThemUntilAPersonSaysSo() throws Exception {
        ClusterState first = trio.cluster(Map.of("maxmemory", "64mb"));
        ClusterState second = at(2, trio.cluster(Map.of("maxmemory", "32mb")));
        assertThat(apply(first).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(apply(second).status()).isEqualTo(Status.SUCCEEDED);
        Path note = trio.directory(id("r2/redis-server")).resolve("revision");
        assertThat(Files.readString(note)).isEqualTo("u1 2\n");

        Ending refused = apply(first);
        assertThat(refused.status()).isEqualTo(Status.FAILED);
        assertThat(refused.reason()).contains("carries revision 2", "is revision 1", "metadata.acceptRevision: 2");
        try (RedisCall master = redis(1, Purpose.ADMIN)) {
            assertThat(master.call("CONFIG", "GET", "maxmemory")).isEqualTo(List.of("maxmemory", "33554432"));
        }
        assertThat(Files.readString(note)).isEqualTo("u1 2\n");

        // What acceptRevision: 2 makes of the older spec.
        assertThat(apply(at(3, first)).status()).isEqualTo(Status.SUCCEEDED);
        try (RedisCall master = redis(1, Purpose.ADMIN)) {
            assertThat(master.call("CONFIG", "GET", "maxmemory")).isEqualTo(List.of("maxmemory", "67108864"));
        }
    }

    private static ClusterState at(long revision, ClusterState cluster) {
        return new ClusterState(
                ClusterState.SCHEMA,
                cluster.uid(),
                revision,
                cluster.phase(),
                cluster.reason(),
                cluster.since(),
                cluster.spec());
    }

    /** Users, logins and a Sentinel's master that a hand has changed: a plan names them, an apply mends them. */
    @Test
    @Execution(CONCURRENT)
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

    private Ending apply(ClusterState cluster) {
        Ending ending = work.apply(cluster);
        assertThat(work.ledger().last(OperationState.class).status()).isEqualTo(ending.status());
        assertThat(work.ledger().events(OperationEvent.Started.class)).hasSize(work.operations());
        return ending;
    }

    private void awaitMasterOtherThan(String address) throws Exception {
        for (int number = 1; number <= 3; number++) {
            try (RedisCall sentinel = sentinel(number, Purpose.APPLICATION)) {
                Await.until("another master", Duration.ofSeconds(30), () -> !address.equals(named(sentinel)));
            }
        }
    }

    /** The address of the master that it names. */
    private static String named(RedisCall sentinel) {
        try {
            Object said = sentinel.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "orders");
            return String.valueOf(Objects.requireNonNull((List<?>) said).getFirst());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private RedisCall redis(int number, Purpose who) throws IOException {
        return open(number, trio.redisPort(number), who);
    }

    private RedisCall sentinel(int number, Purpose who) throws IOException {
        return open(number, trio.sentinelPort(number), who);
    }

    private RedisCall open(int number, int port, Purpose who) throws IOException {
        String password = accounts.apply(trio.cluster(Map.of())).of(who).reveal();
        return RedisCall.open("127.0.0.1" + number, port, Duration.ofSeconds(2)).as(who.word(), password);
    }

    private long pid(String instance) {
        return trio.process(id(instance)).orElseThrow().pid();
    }

    private static InstanceId id(String text) {
        return new InstanceId(text);
    }
}
