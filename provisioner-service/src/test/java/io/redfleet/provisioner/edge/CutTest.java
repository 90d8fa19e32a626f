package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.edge.ssh.SshHosts;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.plan.StepMaker;
import io.redfleet.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The network between provisioner and host goes silent in the middle of each kind of step: the script is at work, its
 * answer is lost, and no connection ends. The host gives the lease up by itself, and a new apply goes on.
 */
@Tag("long")
@Timeout(180)
class CutTest {
    private static final InstanceId REPLICA = new InstanceId("r2/redis-server");
    /** The silence after which a host gives up, and what looking takes. */
    private static final Duration RELEASED_WITHIN = Duration.ofSeconds(15);

    @TempDir
    Path directory;

    private LoopbackTrio trio;
    private Wire wire;

    @BeforeEach
    void aHostBehindAWire() throws Exception {
        trio = new LoopbackTrio(directory);
        wire = new Wire(trio.host(2).address(), trio.host(2).port());
        trio.reach(2, wire.port());
    }

    @AfterEach
    void end() {
        wire.close();
        trio.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"prepare", "mark", "put", "settle", "start", "await"})
    void whileAClusterIsMade(String kind) throws Exception {
        cutIn(kind, owner -> owner.begin(trio.cluster(Map.of())));
        goesOn(trio.cluster(Map.of()));
    }

    @Test
    void whileASettingIsTold() throws Exception {
        goesOn(trio.cluster(Map.of()));
        ClusterState changed = trio.cluster(Map.of("maxmemory", "64mb"));
        cutIn("tell", owner -> owner.begin(changed));
        goesOn(changed);
    }

    @Test
    void whileTheAppendOnlyFileIsTurnedOn() throws Exception {
        goesOn(trio.cluster(Map.of("appendonly", "no")));
        ClusterState changed = trio.cluster(Map.of("appendonly", "yes"));
        cutIn("appendonly", owner -> owner.begin(changed));
        goesOn(changed);
    }

    @Test
    void whileADeadReplicaIsToldWhomToFollow() throws Exception {
        goesOn(trio.cluster(Map.of()));
        trio.process(REPLICA).orElseThrow().destroyForcibly();
        cutIn("follow", owner -> owner.begin(trio.cluster(Map.of())));
        goesOn(trio.cluster(Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"stop", "erase"})
    void whileAnInstanceIsEnded(String kind) throws Exception {
        goesOn(trio.cluster(Map.of()));
        BiFunction<StepMaker, Member, Step> step = kind.equals("stop")
                ? (make, member) -> make.stop(member, false, false, Duration.ofSeconds(30))
                : (make, member) -> make.erase(member, "u1 orders/" + REPLICA);
        if (kind.equals("erase")) {
            try (Owner owner = new Owner("provisioner-2", trio.ssh())) {
                Ending stopped = owner.step(
                        trio.cluster(Map.of()),
                        REPLICA,
                        (make, member) -> make.stop(member, false, false, RELEASED_WITHIN));
                assertThat(stopped.status()).as(stopped.reason()).isEqualTo(Status.SUCCEEDED);
            }
        }
        cutIn(kind, owner -> CompletableFuture.supplyAsync(() -> owner.step(trio.cluster(Map.of()), REPLICA, step)));
        goesOn(trio.cluster(Map.of()));
    }

    private interface Beginning {
        CompletableFuture<Ending> of(Owner owner);
    }

    /** The work fails with the host's name, and the host is free before it can be reached again. */
    private void cutIn(String kind, Beginning beginning) throws Exception {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        SshHosts ssh = trio.ssh();
        try (Owner owner = new Owner("provisioner-0", ssh)) {
            owner.onCall((host, script) -> {
                if (host.equals("r2") && script.equals(kind)) {
                    sent.complete(null);
                }
            });
            CompletableFuture<Ending> running = beginning.of(owner);
            sent.get(60, TimeUnit.SECONDS);
            // Once it works there; one that is too quick to be seen has worked by then.
            long until = System.nanoTime() + Duration.ofMillis(500).toNanos();
            Await.until("its arrival", Duration.ofSeconds(5), () -> works() || System.nanoTime() > until);
            wire.cut();
            Await.until(kind + ": the host is free", RELEASED_WITHIN, this::isFree);
            Ending ending = running.get(60, TimeUnit.SECONDS);
            assertThat(ending.status()).as(kind).isEqualTo(Status.FAILED);
            assertThat(ending.reason()).as(kind).contains("r2");
        } finally {
            wire.mend();
        }
    }

    private void goesOn(ClusterState cluster) throws Exception {
        try (Owner next = new Owner("provisioner-1", trio.ssh())) {
            Ending ending = next.apply(cluster);
            assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
            assertThat(next.apply(cluster).reason()).startsWith("nothing to change");
        }
    }

    /** Whether a script that has passed the fence runs on the host. */
    private boolean works() {
        try {
            Path work = trio.host(2).home().resolve(".lease.work");
            String inode = ":" + Files.getAttribute(work, "unix:ino") + " ";
            return Files.readString(Path.of("/proc/locks"))
                    .lines()
                    .anyMatch(line -> line.contains(inode) && line.contains("FLOCK") && line.contains("READ"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private boolean isFree() {
        Path lease = trio.host(2).home().resolve(".lease");
        try {
            return Files.exists(lease)
                    && new ProcessBuilder("flock", "-n", lease.toString(), "true")
                                    .start()
                                    .waitFor()
                            == 0;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
