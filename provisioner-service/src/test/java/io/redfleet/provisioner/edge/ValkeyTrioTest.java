package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.cluster.RedisSpec;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.edge.ssh.Shelf;
import io.redfleet.provisioner.edge.ssh.SshHosts;
import io.redfleet.provisioner.engine.Engine;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real Valkey, built out of Debian's source: with one Redis under its name nothing of this would be shown. */
@Tag("long")
@Timeout(300)
class ValkeyTrioTest {
    private static final String VERSION = "8.1.1";
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    static Path artefacts;

    private static @Nullable PackedRedis packed;

    @TempDir
    Path directory;

    private final ExecutorService workers = Executors.newCachedThreadPool();
    private Optional<LoopbackTrio> hosts = Optional.empty();
    private Optional<SshHosts> lines = Optional.empty();

    @BeforeAll
    @Timeout(1800)
    static void aValkeyIsBuilt() throws Exception {
        for (String program : new String[] {"g++", "xz", "make", "pkg-config"}) {
            assumeTrue(Files.isExecutable(Path.of("/usr/bin", program)), "no " + program + " to build a Valkey with");
        }
        packed = PackedRedis.builtValkey(VERSION, artefacts);
    }

    @AfterEach
    void end() {
        workers.shutdownNow();
        lines.ifPresent(SshHosts::close);
        hosts.ifPresent(LoopbackTrio::close);
    }

    @Test
    void anArchiveBringsItAndItsSentinelsReplaceItsMaster() throws Exception {
        LoopbackTrio trio = hosts("");
        Handwork work = work(trio);
        ClusterState cluster = built().of(trio.spec(Map.of()), "u1", 1);
        succeeds(work.apply(cluster));
        for (Member member : cluster.spec().members()) {
            ProcessHandle process = trio.process(member.id()).orElseThrow();
            int number = Integer.parseInt(member.id().host().value().substring(1));
            assertThat(Path.of("/proc/" + process.pid() + "/exe").toRealPath())
                    .isEqualTo(trio.host(number)
                            .home()
                            .resolve("opt-valkey/" + VERSION + "/bin/valkey-server")
                            .toRealPath());
        }
        runsValkey(work, cluster);
        assertThat(work.apply(cluster).reason()).isEqualTo("nothing to change");

        replaced(trio, work, cluster);

        Ending ended = work.removed(cluster);
        assertThat(ended.status()).as(ended.reason()).isEqualTo(Status.SUCCEEDED);
        for (int i = 1; i <= 3; i++) {
            assertThat(trio.host(i).home().resolve("opt-valkey")).doesNotExist();
        }
    }

    @Test
    void hostsThatHaveItAloneRunItAndAreAskedByIt() throws Exception {
        LoopbackTrio trio = hosts(valkeyAlone().toString());
        Handwork work = work(trio);
        RedisSpec present = new RedisSpec("valkey", "8.1", RedisSpec.PRESENT, Map.of());
        ClusterState cluster = PackedRedis.running(trio.spec(Map.of()), present, "u1", 1);
        succeeds(work.apply(cluster));
        runsValkey(work, cluster);
        assertThat(work.apply(cluster).reason()).isEqualTo("nothing to change");
        replaced(trio, work, cluster);

        RedisSpec redis = new RedisSpec("redis", "", RedisSpec.PRESENT, Map.of());
        ClusterState other = PackedRedis.running(trio.spec(Map.of()), redis, "u1", 2);
        assertThat(work.provisioning().plan(other).obstacles())
                .anyMatch(obstacle -> obstacle.reason().contains("no redis-server"))
                .anyMatch(obstacle ->
                        obstacle.reason().startsWith("runs Valkey " + VERSION + ", and spec.redis.engine is redis"));
    }

    /** Every program of this machine, with a Valkey in place of its Redis. */
    private Path valkeyAlone() throws Exception {
        for (String looked : new String[] {"/usr/local/bin", "/opt/redis/current/bin", "/opt/valkey/current/bin"}) {
            for (String client : new String[] {"redis-cli", "valkey-cli"}) {
                Path there = Path.of(looked, client);
                assumeTrue(!Files.exists(there), "scripts find " + there + " on this machine");
            }
        }
        Path path = Files.createDirectories(directory.resolve("path"));
        try (Stream<Path> tools = Files.list(Path.of("/usr/bin"))) {
            for (Path tool : tools.toList()) {
                String name = tool.getFileName().toString();
                if (!name.startsWith("redis-") && !name.startsWith("valkey-")) {
                    Files.createSymbolicLink(path.resolve(name), tool);
                }
            }
        }
        Process unpacks = new ProcessBuilder(
                        "tar",
                        "-xzf",
                        artefacts.resolve(built().archive().file()).toString(),
                        "-C",
                        path.toString(),
                        "--strip-components=1")
                .inheritIO()
                .start();
        assertThat(unpacks.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(unpacks.exitValue()).isZero();
        return path;
    }

    /** The master dies, another is named, and an apply after that starts the old one as its replica. */
    private static void replaced(LoopbackTrio trio, Handwork work, ClusterState cluster) {
        Endpoint before = named(work, cluster).orElseThrow();
        InstanceId master = cluster.spec().members(InstanceRole.REDIS).stream()
                .filter(member -> member.announce().equals(before))
                .map(Member::id)
                .findFirst()
                .orElseThrow();
        assertThat(trio.process(master).orElseThrow().destroyForcibly()).isTrue();
        Endpoint after =
                Await.value("another master", SOON, () -> named(work, cluster).filter(now -> !now.equals(before)));
        // Not while Sentinels are still at it.
        Await.until("its start", SOON, () -> work.apply(cluster).status() == Status.SUCCEEDED);
        InstanceSurvey back = work.surveyor().survey(cluster).instance(master).orElseThrow();
        assertThat(back.isReplica()).isTrue();
        assertThat(back.info("master_host") + ":" + back.info("master_port")).isEqualTo(after.toString());
        assertThat(back.engine()).contains(Engine.VALKEY);
    }

    private static Optional<Endpoint> named(Handwork work, ClusterState cluster) {
        return work.surveyor().survey(cluster).namedMaster(cluster.spec());
    }

    private static void runsValkey(Handwork work, ClusterState cluster) {
        ClusterSurvey seen = work.surveyor().survey(cluster);
        for (Member member : cluster.spec().members()) {
            InstanceSurvey one = seen.instance(member.id()).orElseThrow();
            assertThat(one.engine()).as(member.id().value()).contains(Engine.VALKEY);
            assertThat(one.version()).as(member.id().value()).isEqualTo(VERSION);
        }
    }

    private static void succeeds(Ending ending) {
        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
    }

    private LoopbackTrio hosts(String path) throws IOException {
        LoopbackTrio trio = new LoopbackTrio(directory, path);
        hosts = Optional.of(trio);
        return trio;
    }

    private Handwork work(LoopbackTrio trio) throws IOException {
        SshHosts ssh = trio.ssh();
        lines = Optional.of(ssh);
        return new Handwork(ssh, workers, PlainLocksmith.accounts(), new Shelf(ssh, artefacts));
    }

    private static PackedRedis built() {
        return Objects.requireNonNull(packed);
    }
}
