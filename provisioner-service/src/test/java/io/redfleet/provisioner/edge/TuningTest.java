package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.cluster.TuningSpec;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.edge.ssh.Credentials;
import io.redfleet.provisioner.edge.ssh.KnownHosts;
import io.redfleet.provisioner.edge.ssh.SshHosts;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.tuning.TuningPart;
import io.redfleet.testkit.SystemdHost;
import io.redfleet.testkit.SystemdHosts;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real machine is tuned, by root, through sudo. Only {@code net.*} of a container is its own: nothing else is set here. */
@Tag("long")
@Timeout(600)
class TuningTest {
    private static final String SOMAXCONN = "net.core.somaxconn";
    private static final String BACKLOG = "net.ipv4.tcp_max_syn_backlog";
    private static final String INSTALL = """
            set -e
            sudo -n systemctl mask redis-server.service redis-sentinel.service </dev/null
            sudo -n env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends redis-server </dev/null
            """;

    @TempDir
    Path directory;

    private final ExecutorService workers = Executors.newFixedThreadPool(6);
    private SystemdHosts hosts;
    private SystemdHost host;
    private SshHosts ssh;
    private Handwork work;

    @BeforeEach
    void aHostWithRedis() throws Exception {
        String missing = SystemdHosts.missing().orElse("");
        assumeTrue(missing.isEmpty(), missing);
        hosts = SystemdHosts.boot(directory, 1);
        host = hosts.host(1);
        ssh = new SshHosts(new Credentials(directory, false), new KnownHosts(directory.resolve("known_hosts")));
        work = new Handwork(ssh, workers, PlainLocksmith.accounts());
        HostAccess access = new HostAccess("r1", host.address(), host.port(), host.user(), "ops", "");
        assertThat(ssh.run(access, new Script("install", INSTALL, List.of(), Duration.ofMinutes(3))))
                .isInstanceOfSatisfying(
                        Reply.Done.class,
                        done -> assertThat(done.exit()).as(done.toString()).isZero());
    }

    @AfterEach
    void end() {
        workers.shutdownNow();
        // Where there are no hosts, nothing was begun.
        if (ssh != null) {
            ssh.close();
        }
        if (hosts != null) {
            hosts.close();
        }
    }

    @Test
    void aMachineIsTunedOnceIsSetAgainWhenItDriftsBelongsToOneClusterAndIsPutBack() {
        String before = live(SOMAXCONN);
        String backlogBefore = live(BACKLOG);
        ClusterState on = cluster("u1", Map.of(SOMAXCONN, "8192", BACKLOG, "8192"));

        assertThat(apply(on)).isEqualTo(Ending.succeeded("as the spec wants it"));
        assertThat(live(SOMAXCONN)).isEqualTo("8192");
        assertThat(live(BACKLOG)).isEqualTo("8192");
        assertThat(host.run("cat", TuningPart.SYSCTL.path()))
                .startsWith("# redfleet-owner: u1\n")
                .contains(SOMAXCONN + " = 8192", BACKLOG + " = 8192");
        assertThat(host.run("stat", "-c", "%U %a", TuningPart.SYSCTL.path())).isEqualTo("root 644");
        assertThat(apply(on).reason()).isEqualTo("nothing to change");

        host.run("sh", "-c", "echo 1024 >/proc/sys/net/core/somaxconn");
        assertThat(work.provisioning().plan(on).steps()).singleElement().satisfies(step -> {
            assertThat(step.id()).isEqualTo("r1/tuning/sysctl");
            assertThat(step.diff()).containsExactly("- " + SOMAXCONN + " 1024", "+ " + SOMAXCONN + " 8192");
        });
        assertThat(apply(on).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(live(SOMAXCONN)).isEqualTo("8192");

        ClusterState other = cluster("u2", Map.of(SOMAXCONN, "16384"));
        // Of its own, for a vault keeps the passwords of one cluster of that name.
        assertThat(new Handwork(ssh, workers, PlainLocksmith.accounts())
                        .provisioning()
                        .plan(other)
                        .obstacles()
                        .toString())
                .contains("r1: tuning: what belongs to the whole machine is set by the cluster of uid u1");

        host.run("sh", "-c", "echo 9000 >/proc/sys/net/core/somaxconn");
        assertThat(apply(on).reason()).as("more is not lowered").isEqualTo("nothing to change");
        host.run("sh", "-c", "echo 8192 >/proc/sys/net/core/somaxconn");

        ClusterState off = cluster("u1", Map.of());
        assertThat(work.provisioning().plan(off).steps()).extracting(Step::id).containsExactly("r1/tuning/restore");
        assertThat(apply(off)).isEqualTo(Ending.succeeded("as the spec wants it"));
        assertThat(live(SOMAXCONN)).isEqualTo(before);
        assertThat(live(BACKLOG)).isEqualTo(backlogBefore);
        assertThat(host.run(
                        "sh",
                        "-c",
                        "ls /etc/sysctl.d/60-redfleet.conf /var/lib/redfleet-host/tuning 2>/dev/null || true"))
                .isEmpty();
        assertThat(apply(off).reason()).isEqualTo("nothing to change");
    }

    @Test
    void whereSudoAsksForAPasswordTheFirstStepSaysSoAndNothingElseIsBegun() {
        host.run("sh", "-c", "echo 'ops ALL=(ALL:ALL) ALL' >/etc/sudoers.d/ops");
        Ending ending = apply(cluster("u1", Map.of(SOMAXCONN, "8192")));
        assertThat(ending.status()).isEqualTo(Status.FAILED);
        assertThat(ending.reason()).contains("step r1/tuning/sysctl").contains("sudo: a password is required");
        assertThat(host.run("find", "/home/ops", "-name", "redis-server")).isEmpty();
    }

    private String live(String key) {
        return host.run("cat", "/proc/sys/" + key.replace('.', '/'));
    }

    private ClusterState cluster(String uid, Map<String, String> sysctl) {
        Map<String, Object> described = Map.of(
                "name",
                "r1",
                "address",
                host.address(),
                "ssh",
                Map.of("user", host.user(), "port", host.port(), "credential", "ops"),
                "roles",
                List.of("redis", "sentinel"));
        SpecReader.Reading reading = SpecReader.read(Map.of(
                "metadata",
                Map.of("name", "orders"),
                "spec",
                Map.of("hosts", List.of(described), "sentinel", Map.of("allowWeakQuorum", true))));
        if (!(reading instanceof SpecReader.Good good)) {
            throw new IllegalStateException("not a good spec: " + reading);
        }
        TuningSpec tuning = new TuningSpec(TuningSpec.Profile.NONE, sysctl);
        return new ClusterState(
                ClusterState.SCHEMA,
                new ClusterUid(uid),
                1,
                Phase.ACCEPTED,
                "",
                Instant.EPOCH,
                good.spec().with(tuning));
    }

    private Ending apply(ClusterState cluster) {
        return work.apply(cluster);
    }
}
