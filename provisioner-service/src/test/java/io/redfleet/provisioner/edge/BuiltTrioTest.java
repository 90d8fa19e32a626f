package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.contracts.cluster.BuildHost;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.cluster.RedisSpec;
import io.redfleet.contracts.cluster.SourceSpec;
import io.redfleet.contracts.cluster.SshSpec;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.edge.ssh.Shelf;
import io.redfleet.provisioner.edge.ssh.SshHosts;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.testkit.LoopbackHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Redis's real source, compiled on a fourth host and run on three. */
@Tag("long")
@Timeout(2400)
class BuiltTrioTest {
    private static final Pattern SHA256 = Pattern.compile("sha256: \"([0-9a-f]{64})\"");
    private static final String FILE = "redis_8.0.2.orig.tar.gz";

    @TempDir
    Path directory;

    private final ExecutorService workers = Executors.newCachedThreadPool();
    private Path artefacts;
    private LoopbackTrio trio;
    private SshHosts ssh;

    @BeforeEach
    void fourHosts() throws Exception {
        artefacts = Files.createDirectories(directory.resolve("artefacts"));
        trio = new LoopbackTrio(directory, "", 4);
        ssh = trio.ssh();
    }

    @AfterEach
    void end() {
        workers.shutdownNow();
        ssh.close();
        trio.close();
    }

    @Test
    void aSourceIsCompiledOnceOnAFourthHostAndItsRedisRunsOnThree() throws Exception {
        for (String needed : List.of("/usr/bin/g++", "/usr/bin/make", "/usr/include/openssl/ssl.h")) {
            assumeTrue(Files.exists(Path.of(needed)), "no " + needed + " to build a Redis with");
        }
        Matcher said = SHA256.matcher(
                PackedRedis.script("--source", "8.0.2", artefacts.resolve(FILE).toString()));
        assertThat(said.find()).isTrue();
        String sha256 = said.group(1);
        Handwork work = work(artefacts);
        ClusterState cluster = cluster("u1", sha256);

        Plan plan = work.provisioning().plan(cluster);
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.steps().getFirst().title()).startsWith("build Redis 8.0.2 of " + FILE);
        succeeds(work, cluster);
        running(cluster);
        assertThat(work.apply(cluster).reason()).isEqualTo("nothing to change");
        assertThat(kept()).hasSize(1);

        Ending ended = work.removed(cluster);
        assertThat(ended.status()).as(ended.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(trio.host(1).home().resolve("opt")).doesNotExist();
        // Another provisioner, which has not even the source.
        Handwork other = work(directory.resolve("elsewhere"));
        ClusterState next = cluster("u2", sha256);
        assertThat(other.provisioning().plan(next).steps().getFirst())
                .extracting(Step::title)
                .asString()
                .startsWith("fetch what was built of " + FILE);
        succeeds(other, next);
        running(next);
        assertThat(kept()).as("nothing was built again").hasSize(1);
    }

    private Handwork work(Path shelf) {
        return new Handwork(ssh, workers, PlainLocksmith.accounts(), new Shelf(ssh, shelf));
    }

    private static void succeeds(Handwork work, ClusterState cluster) {
        Ending ending = work.apply(cluster);
        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
    }

    /** What the build host has kept. */
    private List<String> kept() throws Exception {
        try (Stream<Path> all = Files.list(builds())) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> !name.equals(".lock"))
                    .toList();
        }
    }

    private Path builds() {
        return trio.host(4).home().resolve("builds");
    }

    private void running(ClusterState cluster) throws Exception {
        for (Member member : cluster.spec().members()) {
            ProcessHandle process = trio.process(member.id()).orElseThrow();
            int number = Integer.parseInt(member.id().host().value().substring(1));
            Path binary = trio.host(number).home().resolve("opt/8.0.2/bin/redis-server");
            assertThat(Path.of("/proc/" + process.pid() + "/exe").toRealPath()).isEqualTo(binary.toRealPath());
        }
    }

    private ClusterState cluster(String uid, String sha256) {
        LoopbackHost host = trio.host(4);
        SshSpec login = new SshSpec(host.user(), host.port(), "ops", null);
        BuildHost buildHost = new BuildHost(host.address(), login, builds().toString());
        RedisSpec redis = new RedisSpec(
                "redis", "8.0.2", RedisSpec.SOURCE, Map.of(), null, new SourceSpec(FILE, sha256, buildHost));
        return PackedRedis.running(trio.spec(Map.of()), redis, uid, 1);
    }
}
