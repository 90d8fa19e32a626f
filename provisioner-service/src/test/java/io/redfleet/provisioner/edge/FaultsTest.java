package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.operation.StepState;
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
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.provisioner.survey.Surveyor;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.SshKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What can go wrong on the way to a host: said with host, step and cause, and mended by applying again. */
@Timeout(180)
class FaultsTest {
    @TempDir
    Path directory;

    private final ExecutorService workers = Executors.newFixedThreadPool(12);
    private final RecordingLedger ledger = new RecordingLedger();
    private Path path;
    private LoopbackTrio trio;
    private SshHosts ssh;

    @BeforeEach
    void threeHostsWithAPathOfTheirOwn() throws Exception {
        path = Files.createDirectories(directory.resolve("path"));
        try (Stream<Path> tools = Files.list(Path.of("/usr/bin"))) {
            for (Path tool : tools.toList()) {
                Files.createSymbolicLink(path.resolve(tool.getFileName()), tool);
            }
        }
        trio = new LoopbackTrio(directory, path.toString());
        ssh = trio.ssh();
    }

    @AfterEach
    void end() {
        workers.shutdownNow();
        ssh.close();
        trio.close();
    }

    @Tag("long")
    @Test
    void aMissingBinaryIsNamedAndOnceItIsThereApplyingAgainConverges() throws Exception {
        Path binary = path.resolve("redis-check-rdb");
        Path target = Files.readSymbolicLink(binary);
        Files.delete(binary);
        Ending ending = apply();
        assertThat(ending.status()).isEqualTo(Status.FAILED);
        assertThat(ending.reason()).contains("r1").contains("no redis-server").contains("PATH");
        Files.createSymbolicLink(binary, target);
        assertThat(apply().reason()).isEqualTo("as the spec wants it");
    }

    @Test
    void aConnectionDroppedInTheMiddleOfAStepFailsThatStepAndApplyingAgainConverges() throws Exception {
        CompletableFuture<Ending> running = CompletableFuture.supplyAsync(this::apply);
        Await.until("a step on r2", Duration.ofSeconds(30), () -> runs("r2/redis-server/linked"));
        trio.host(2).dropConnections();
        Ending ending = running.get(60, TimeUnit.SECONDS);
        assertThat(ending.status()).isEqualTo(Status.FAILED);
        assertThat(ending.reason()).contains("step r2/redis-server/linked").contains("connection was lost");
        List<StepState> steps = ledger.last(OperationState.class).steps();
        assertThat(status(steps, "r2/redis-server/linked")).isEqualTo(StepState.Status.FAILED);
        assertThat(status(steps, "r1/redis-server/start")).isEqualTo(StepState.Status.DONE);
        assertThat(status(steps, "r1/redis-sentinel/start")).isEqualTo(StepState.Status.SKIPPED);
        assertThat(apply().reason()).isEqualTo("as the spec wants it");
    }

    @Test
    void aWrongKeyAndAChangedHostKeyAreToldApart() throws Exception {
        SshKey ours = new SshKey(trio.credentials().resolve("ops"));
        trio.host(1).allow(SshKey.generate(directory.resolve("stranger")));
        Ending refused = apply();
        assertThat(refused.reason()).contains("r1").contains("KEY_REFUSED").contains("ops");
        trio.host(1).allow(ours);
        trio.host(3).resumeWithNewHostKey();
        Ending changed = apply();
        assertThat(changed.reason())
                .contains("r3")
                .contains("HOST_KEY_CHANGED")
                .contains("pinned is SHA256:")
                // A fingerprint may well contain the letters.
                .doesNotContain("r1: ", "r1 (");
        assertThat(trio.host(1).home().resolve("orders")).doesNotExist();
    }

    @Tag("long")
    @Test
    void aFullDiskIsNamedAndOnceThereIsRoomApplyingAgainConverges() throws Exception {
        String home = trio.host(2).home().toString();
        assumeThat(mount(home)).as("a small tmpfs can be mounted here").isTrue();
        try {
            Ending ending = apply();
            assertThat(ending.status()).isEqualTo(Status.FAILED);
            assertThat(ending.reason()).contains("r2").contains("disk full");
        } finally {
            // Whoever held the lease there, and streamed the host's facts, goes within the lease's ten seconds.
            Await.until(home + " unmounted", Duration.ofSeconds(20), () -> unmounted(home));
        }
        assertThat(apply().reason()).isEqualTo("as the spec wants it");
    }

    private boolean runs(String step) {
        List<OperationState> states = ledger.all(OperationState.class);
        return !states.isEmpty()
                && states.getLast().steps().stream()
                        .anyMatch(state -> state.id().equals(step) && state.status() == StepState.Status.RUNNING);
    }

    private static StepState.Status status(List<StepState> steps, String id) {
        return steps.stream()
                .filter(step -> step.id().equals(id))
                .map(StepState::status)
                .findFirst()
                .orElseThrow();
    }

    private Ending apply() {
        ClusterState cluster = trio.cluster(Map.of());
        OperationState state = new OperationState(
                OperationState.SCHEMA,
                new OperationId("op"),
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
        InstantSource clock = InstantSource.system();
        Journal journal = new Journal(ledger, clock, state);
        Provisioning provisioning = new Provisioning(
                new Surveyor(ssh, workers, clock, PlainLocksmith.accounts()),
                new PlanRun(new Hands(ssh), workers, clock),
                new Leases(ssh, "provisioner-0", () -> UUID.randomUUID().toString(), clock, Duration.ofMinutes(1)));
        Ending ending = provisioning.carryOut(cluster, journal, () -> false);
        journal.finish(ending.status(), ending.reason());
        return ending;
    }

    private static boolean mount(String where) throws IOException, InterruptedException {
        return run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", where) == 0;
    }

    private static boolean unmounted(String where) {
        try {
            return run("umount", where) == 0;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static int run(String... argv) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(argv)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(10, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }
}
