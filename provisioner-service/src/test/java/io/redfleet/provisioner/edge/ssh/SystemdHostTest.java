package io.redfleet.provisioner.edge.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.edge.Handwork;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Surveyor;
import io.redfleet.provisioner.survey.Trouble;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.SystemdHost;
import io.redfleet.testkit.SystemdHosts;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hosts that boot: each with a process table, an address and a key of its own, which loopback hosts share or are given.
 *
 * <p>They are booted once for all tests here; every test leaves them as it found them, but for what it installed.
 */
@Tag("long")
@Timeout(600)
class SystemdHostTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    /** Twice what a silent peer is noticed in, and the pause before a silent host is asked again. */
    private static final Duration BACK_WITHIN = Duration.ofMinutes(1);
    /** Until its session is gone, so that no test leaves anything behind. */
    private static final String FOREVER = "while kill -0 \"$PPID\" 2>/dev/null; do sleep 0.1; done";

    /** Nothing of a host comes from a network: the packages lie on it. */
    private static final String INSTALL = """
            set -e
            sudo -n systemctl mask redis-server.service redis-sentinel.service </dev/null
            sudo -n env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends redis-server </dev/null
            """;

    @TempDir
    static Path credentials;

    @TempDir
    Path directory;

    private static @Nullable SystemdHosts booted;

    private final ExecutorService workers = Executors.newCachedThreadPool();
    private SystemdHosts three;
    private SshHosts ssh;

    @BeforeEach
    void threeHosts() throws Exception {
        String missing = SystemdHosts.missing().orElse("");
        assumeTrue(missing.isEmpty(), missing);
        if (booted == null) {
            booted = SystemdHosts.boot(credentials, 3);
        }
        three = Objects.requireNonNull(booted);
        ssh = new SshHosts(new Credentials(credentials, false), new KnownHosts(directory.resolve("known_hosts")));
    }

    @AfterEach
    void end() {
        workers.shutdownNow();
        // Where there are no hosts, nothing was begun.
        if (ssh != null) {
            ssh.close();
        }
    }

    @AfterAll
    static void hostsEnd() {
        if (booted != null) {
            booted.close();
        }
    }

    @Test
    void aHostIsKnownByTheKeyThatItMadeAndNoOtherPassesForIt() {
        List<String> prints = three.all().stream().map(SystemdHost::fingerprint).toList();
        assertThat(prints).hasSize(3).doesNotHaveDuplicates();
        HostAccess first = access(1, "");
        assertThat(ssh.run(first, script("cat /proc/1/comm"))).isEqualTo(new Reply.Done(0, "systemd\n", ""));
        assertThat(ssh.fingerprint(first)).isEqualTo(three.host(1).fingerprint());

        HostAccess second = access(2, three.host(2).publicHostKey());
        assertThat(ssh.run(second, script("cat /proc/1/comm"))).isEqualTo(new Reply.Done(0, "systemd\n", ""));
        assertThat(trouble(ssh.run(access(2, three.host(3).publicHostKey()), script("true"))))
                .isEqualTo(Trouble.HOST_KEY_CHANGED);
    }

    @Test
    void whatAHostLacksIsFoundAndOnceItIsInstalledAClusterStands() throws Exception {
        ClusterState cluster = cluster();
        Handwork work = new Handwork(ssh, workers, PlainLocksmith.accounts());
        Surveyor surveyor = work.surveyor();
        ClusterSurvey bare = surveyor.survey(cluster);
        assertThat(bare.unreached()).isEmpty();
        assertThat(bare.hosts().values()).hasSize(3).allSatisfy(host -> {
            assertThat(host.os()).isEqualTo("debian 12");
            assertThat(host.base()).isEqualTo("/home/ops/redfleet");
            assertThat(host.binary()).isEmpty();
            assertThat(host.missing()).containsExactly("redis-cli");
            assertThat(host.clockOffsetSeconds()).isBetween(-10L, 10L);
        });
        Ending refused = work.apply(cluster);
        assertThat(refused.status()).isEqualTo(Status.FAILED);
        assertThat(three.host(1).run("find", "/home/ops", "-name", "orders")).isEmpty();

        for (int number = 1; number <= 3; number++) {
            Reply installed = ssh.run(access(number), new Script("install", INSTALL, List.of(), Duration.ofMinutes(3)));
            assertThat(installed)
                    .isInstanceOfSatisfying(
                            Reply.Done.class,
                            done -> assertThat(done.exit()).as(done.toString()).isZero());
            assertThat(ssh.run(
                            access(number),
                            script("systemctl show -p ActiveState --value redis-server; ! pgrep redis")))
                    .isEqualTo(new Reply.Done(0, "inactive\n", ""));
        }
        HostSurvey found =
                Objects.requireNonNull(surveyor.survey(cluster).hosts().get(new HostName("r1")));
        assertThat(found.version()).isEqualTo("7.0.15");
        assertThat(found.binary()).startsWith("/usr/bin/redis-");
        assertThat(found.missing()).isEmpty();

        Ending ending = work.apply(cluster);
        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(work.apply(cluster).reason()).isEqualTo("nothing to change");
        assertThat(surveyor.survey(cluster).namedMaster(cluster.spec()))
                .contains(new Endpoint(three.host(1).address(), 6379));
    }

    @Test
    void aHostThatIsFrozenHoldsNobodyBeyondADeadlineAndAnswersWhenItGoesOn() throws Exception {
        SystemdHost host = three.host(2);
        CompletableFuture<Reply> running =
                begun(access(2), new Script("forever", "touch \"$1\"; " + FOREVER, List.of(), Duration.ofSeconds(8)));
        host.freeze();
        try {
            // Noticed by the deadline of the script, before the connection is given up.
            assertThat(trouble(running.get(20, TimeUnit.SECONDS))).isEqualTo(Trouble.TIMED_OUT);

            // Its kernel takes the connection, and no sshd greets.
            HostAccess another = new HostAccess("r2-again", host.address(), host.port(), host.user(), "ops", "");
            long begun = System.nanoTime();
            assertThat(trouble(ssh.run(another, script("true")))).isEqualTo(Trouble.UNREACHABLE);
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(20));
        } finally {
            host.thaw();
        }
        awaitAnswer(2);
    }

    @Test
    void aConnectionWhoseCableIsPulledIsGivenUpAndTheNextOneFindsTheSameHost() throws Exception {
        SystemdHost host = three.host(3);
        CompletableFuture<Reply> running =
                begun(access(3), new Script("forever", "touch \"$1\"; " + FOREVER, List.of(), Duration.ofMinutes(2)));
        host.pullCable();
        try {
            assertThat(trouble(running.get(60, TimeUnit.SECONDS))).isEqualTo(Trouble.DROPPED);
            assertThat(trouble(ssh.run(access(3), script("true")))).isEqualTo(Trouble.UNREACHABLE);
        } finally {
            host.plugCable();
        }
        awaitAnswer(3);
    }

    @Test
    void aHostWhosePowerWasCutIsTheSameAfterItHasBooted() {
        SystemdHost host = three.host(3);
        String before = host.fingerprint();
        assertThat(ssh.run(access(3), script("echo kept >kept"))).isInstanceOf(Reply.Done.class);
        host.cutPower();
        try {
            assertThat(trouble(ssh.run(access(3), script("true"))).retryable()).isTrue();
        } finally {
            host.boot();
        }
        assertThat(host.fingerprint()).isEqualTo(before);
        awaitAnswer(3);
        assertThat(ssh.run(access(3), script("cat kept && rm kept"))).isEqualTo(new Reply.Done(0, "kept\n", ""));
    }

    /** Runs it with the name of a file that it makes, and returns once the file is there. */
    private CompletableFuture<Reply> begun(HostAccess access, Script script) {
        String mark = "/tmp/begun-" + UUID.randomUUID();
        assertThat(ssh.run(access, script("true"))).isInstanceOf(Reply.Done.class);
        CompletableFuture<Reply> running =
                CompletableFuture.supplyAsync(() -> ssh.run(access, script.with(List.of(mark))), workers);
        Script look = new Script("look", "[ -e \"$1\" ]", List.of(mark), SOON);
        Await.until("the script has begun", SOON, () -> ssh.run(access, look) instanceof Reply.Done done && done.ok());
        return running;
    }

    private void awaitAnswer(int number) {
        Await.until(
                "r" + number + " answers",
                BACK_WITHIN,
                () -> ssh.run(access(number), script("true")) instanceof Reply.Done);
    }

    private ClusterState cluster() {
        List<Map<String, Object>> described = three.all().stream()
                .map(host -> Map.<String, Object>of(
                        "name",
                        "r" + (three.all().indexOf(host) + 1),
                        "address",
                        host.address(),
                        "ssh",
                        Map.of("user", host.user(), "credential", "ops", "hostKey", host.publicHostKey())))
                .toList();
        SpecReader.Reading reading =
                SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", Map.of("hosts", described)));
        assertThat(reading).isInstanceOf(SpecReader.Good.class);
        return new ClusterState(
                ClusterState.SCHEMA,
                new ClusterUid("u1"),
                1,
                Phase.ACCEPTED,
                "",
                Instant.EPOCH,
                ((SpecReader.Good) reading).spec());
    }

    private HostAccess access(int number) {
        return access(number, three.host(number).publicHostKey());
    }

    private HostAccess access(int number, String hostKey) {
        SystemdHost host = three.host(number);
        return new HostAccess("r" + number, host.address(), host.port(), host.user(), "ops", hostKey);
    }

    private static Script script(String text) {
        return new Script("test", text, List.of(), SOON);
    }

    private static Trouble trouble(Reply reply) {
        assertThat(reply).isInstanceOf(Reply.Failed.class);
        return ((Reply.Failed) reply).trouble();
    }
}
