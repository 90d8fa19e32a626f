package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.edge.ssh.Shelf;
import io.redfleet.provisioner.edge.ssh.SshHosts;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.secret.PlainLocksmith;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes of a user's own that run a Redis out of an archive, and another version that comes beside it. */
@Tag("long")
@Timeout(300)
class ArchivedTrioTest {
    @TempDir
    Path directory;

    private final ExecutorService workers = Executors.newCachedThreadPool();
    private Path artefacts;
    private LoopbackTrio trio;
    private SshHosts ssh;
    private Handwork work;

    @BeforeEach
    void threeHostsAndAShelf() throws Exception {
        artefacts = Files.createDirectories(directory.resolve("artefacts"));
        trio = new LoopbackTrio(directory);
        ssh = trio.ssh();
        work = new Handwork(ssh, workers, PlainLocksmith.accounts(), new Shelf(ssh, artefacts));
    }

    @AfterEach
    void end() {
        workers.shutdownNow();
        ssh.close();
        trio.close();
    }

    @Test
    void anArchiveBringsARedisAndTheNextOneComesBesideItAndTheEndTakesBoth() throws Exception {
        PackedRedis packed = PackedRedis.ofThisMachine(artefacts);
        assertThat(PackedRedis.ofThisMachine(artefacts)).as("byte for byte").isEqualTo(packed);
        ClusterState cluster = packed.of(trio.spec(Map.of()), "u1", 1);
        assertThat(work.provisioning().plan(cluster).stages().getFirst())
                .extracting(Step::id)
                .containsExactly("r1/archive/install", "r2/archive/install", "r3/archive/install");

        succeeds(cluster);
        Map<String, Long> before = running(cluster, packed.version());
        assertThat(work.apply(cluster).reason()).isEqualTo("nothing to change");

        PackedRedis next = PackedRedis.saying("9.9.9", artefacts);
        ClusterState later = next.of(trio.spec(Map.of()), "u1", 2);
        succeeds(later);
        assertThat(running(cluster, packed.version())).as("nothing was touched").isEqualTo(before);
        Plan plan = work.provisioning().plan(later);
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.refused())
                .hasSize(6)
                .allSatisfy(refused -> assertThat(refused.reason())
                        .startsWith("a process keeps the binary that it was started with; needs --rolling"));
        assertThat(trees(1)).containsExactly(packed.version(), "9.9.9");

        Ending ended = work.removed(later);
        assertThat(ended.status()).as(ended.reason()).isEqualTo(Status.SUCCEEDED);
        for (int i = 1; i <= 3; i++) {
            assertThat(trio.host(i).home().resolve("opt")).doesNotExist();
        }
    }

    @Test
    void whatIsNotAmongTheArtefactsOrIsAnotherFileThereIsSaidAndNothingElseIsDone() throws Exception {
        PackedRedis packed = PackedRedis.ofThisMachine(artefacts);
        Path file = artefacts.resolve(packed.archive().file());
        Path away = Files.move(file, directory.resolve("away"));
        ClusterState cluster = packed.of(trio.spec(Map.of()), "u1", 1);
        Ending missing = work.apply(cluster);
        assertThat(missing.status()).isEqualTo(Status.FAILED);
        assertThat(missing.reason())
                .contains("r1", "there is no " + packed.archive().file() + " in " + artefacts);

        Files.writeString(file, "another");
        assertThat(work.apply(cluster).reason())
                .contains("and spec.redis.archive.sha256 is " + packed.archive().sha256());
        assertThat(trees(1)).isEmpty();
        assertThat(trio.host(1).home().resolve("orders")).doesNotExist();

        Files.delete(file);
        Files.move(away, file);
        succeeds(cluster);
        running(cluster, packed.version());
    }

    @Timeout(1800)
    @Test
    void aRedisThatIsBuiltOutOfDebiansSourceRunsInItsPlace() throws Exception {
        String missing = BuiltRedis.missing().orElse("");
        assumeTrue(missing.isEmpty(), missing);
        PackedRedis built = BuiltRedis.of("8.0.2", artefacts);
        assertThat(built.version()).isEqualTo("8.0.2");
        ClusterState cluster = built.of(trio.spec(Map.of()), "u1", 1);
        succeeds(cluster);
        running(cluster, "8.0.2");
        assertThat(work.apply(cluster).reason()).isEqualTo("nothing to change");
    }

    private void succeeds(ClusterState cluster) {
        Ending ending = work.apply(cluster);
        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
    }

    /** The process of each instance, which has to run out of that version. */
    private Map<String, Long> running(ClusterState cluster, String version) throws Exception {
        Map<String, Long> pids = new TreeMap<>();
        for (Member member : cluster.spec().members()) {
            ProcessHandle process = trio.process(member.id()).orElseThrow();
            int number = Integer.parseInt(member.id().host().value().substring(1));
            Path home = trio.host(number).home();
            assertThat(Path.of("/proc/" + process.pid() + "/exe").toRealPath())
                    .isEqualTo(home.resolve("opt")
                            .resolve(version)
                            .resolve("bin/redis-server")
                            .toRealPath());
            pids.put(member.id().value(), process.pid());
        }
        return pids;
    }

    private List<String> trees(int host) throws Exception {
        Path top = trio.host(host).home().resolve("opt");
        if (!Files.exists(top)) {
            return List.of();
        }
        try (var all = Files.list(top)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
