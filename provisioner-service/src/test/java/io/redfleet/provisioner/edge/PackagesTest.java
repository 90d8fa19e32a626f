package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.apply.Journal;
import io.redfleet.provisioner.apply.Leases;
import io.redfleet.provisioner.apply.PlanRun;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.edge.ssh.Credentials;
import io.redfleet.provisioner.edge.ssh.KnownHosts;
import io.redfleet.provisioner.edge.ssh.SshHosts;
import io.redfleet.provisioner.plan.Decommission;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.testkit.SystemdHost;
import io.redfleet.testkit.SystemdHosts;
import java.nio.file.Path;
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

/** Debian's own packages on a host that boots, out of a repository on the host: what root there says of them. */
@Tag("long")
@Timeout(900)
class PackagesTest {
    private static final List<String> PACKAGES = List.of("redis-tools", "redis-server", "redis-sentinel");
    private static final List<String> VENDORS = List.of("redis-server.service", "redis-sentinel.service");
    private static final String INSTALLED =
            "dpkg-query -W -f '${Package} ${db:Status-Status} ${Version}\\n' | grep ' installed ' | sort";

    @TempDir
    Path credentials;

    @TempDir
    Path directory;

    private final ExecutorService workers = Executors.newCachedThreadPool();
    private SystemdHosts hosts;
    private SystemdHost host;
    private SshHosts ssh;
    private Handwork work;

    @BeforeEach
    void aHostWithoutRedis() throws Exception {
        String missing = SystemdHosts.missing().orElse("");
        assumeTrue(missing.isEmpty(), missing);
        hosts = SystemdHosts.boot(credentials, 1);
        host = hosts.host(1);
        ssh = new SshHosts(new Credentials(credentials, false), new KnownHosts(directory.resolve("known_hosts")));
        work = new Handwork(ssh, workers, PlainLocksmith.accounts());
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
    void packagesComeHeldAndQuietAndGoWithTheLastClusterAndARedisOfSomebodyElseIsLeftAlone() {
        host.run("mkdir", "-p", "/etc/needrestart/conf.d");
        String before = shell(INSTALLED);
        assertThat(before).doesNotContain("redis");
        String version = shell("apt-cache policy redis-tools | sed -n 's/^  Candidate: //p'");
        ClusterState cluster = cluster("u1", "orders", "7.0");

        Step first = work.provisioning().plan(cluster).steps().getFirst();
        assertThat(first.id()).isEqualTo("r1/packages/install");
        assertThat(first.diff()).contains("+ redis-server=" + version, "+ hold redis-server");

        Ending applied = work.apply(cluster);
        assertThat(applied.status()).as(applied.reason()).isEqualTo(Status.SUCCEEDED);
        packagesAreHeldAndQuiet(version);
        assertThat(work.apply(cluster).reason()).isEqualTo("nothing to change");

        whatDriftedIsHeldAgain(cluster);
        anotherVersionIsRefused(cluster);

        assertThat(removed(cluster)).isEqualTo("done");
        assertThat(shell(INSTALLED)).isEqualTo(before);
        assertThat(host.run("apt-mark", "showhold")).isEmpty();
        assertThat(shell(
                        "ls /var/lib/redfleet-host/packages /etc/needrestart/conf.d/redfleet.conf 2>/dev/null || true"))
                .isEmpty();

        aRedisOfSomebodyElseIsLeftAlone(cluster);
    }

    private void packagesAreHeldAndQuiet(String version) {
        for (String name : PACKAGES) {
            assertThat(host.run("dpkg-query", "-W", "-f", "${db:Status-Want} ${db:Status-Status} ${Version}", name))
                    .isEqualTo("hold installed " + version);
        }
        for (String unit : VENDORS) {
            assertThat(shell("systemctl is-active " + unit + " || true")).isEqualTo("inactive");
            assertThat(shell("systemctl is-enabled " + unit + " || true")).isEqualTo("disabled");
            assertThat(host.run("systemctl", "show", "-p", "LoadState", "--value", unit))
                    .as("not masked any more")
                    .isEqualTo("loaded");
        }
        for (String unit : List.of("redfleet-orders-redis-server", "redfleet-orders-redis-sentinel")) {
            assertThat(host.run("systemctl", "is-active", unit)).isEqualTo("active");
        }
        assertThat(host.run("ss", "-Htln"))
                .contains(":7000 ", ":27000 ")
                .doesNotContain(":6379 ")
                .doesNotContain(":26379 ");
        assertThat(shell("journalctl -b -o cat -u redis-server -u redis-sentinel | grep -i started || true"))
                .as("not even for a moment")
                .isEmpty();
        assertThat(host.run("stat", "-c", "%U %a", "/etc/needrestart/conf.d/redfleet.conf"))
                .isEqualTo("root 644");
    }

    private void whatDriftedIsHeldAgain(ClusterState cluster) {
        host.run("apt-mark", "unhold", "redis-tools");
        assertThat(work.provisioning().plan(cluster).steps()).singleElement().satisfies(step -> {
            assertThat(step.id()).isEqualTo("r1/packages/install");
            assertThat(step.diff()).containsExactly("+ hold redis-tools");
        });
        assertThat(work.apply(cluster).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(host.run("apt-mark", "showhold")).contains("redis-tools");
    }

    private void anotherVersionIsRefused(ClusterState cluster) {
        Plan upgrade = work.provisioning().plan(cluster("u1", "orders", "7.2"));
        assertThat(upgrade.steps())
                .as("apt knows none of it, by lists that may be old")
                .extracting(Step::id)
                .containsExactly("r1/packages/lists");
        Plan other = work.provisioning().plan(cluster("u2", "billing", "7.2"));
        assertThat(other.obstacles().toString()).contains("used by orders (uid u1), and 7.2 is wanted");
        assertThat(work.apply(cluster).reason()).isEqualTo("nothing to change");
    }

    private void aRedisOfSomebodyElseIsLeftAlone(ClusterState cluster) {
        shell("DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends redis-server");
        shell("systemctl unmask redis-server && systemctl enable --now redis-server");
        String pid = host.run("systemctl", "show", "-p", "MainPID", "--value", "redis-server");
        Ending refused = work.apply(cluster);
        assertThat(refused.status()).isEqualTo(Status.FAILED);
        assertThat(refused.reason()).contains("r1: packages: redis-server.service runs here and is not Redfleet's");
        assertThat(host.run("systemctl", "show", "-p", "MainPID", "--value", "redis-server"))
                .isEqualTo(pid)
                .isNotEqualTo("0");
        assertThat(host.run("apt-mark", "showhold")).isEmpty();
    }

    /** A line for the host's own shell, as root. */
    private String shell(String line) {
        return host.run("sh", "-c", line);
    }

    private String removed(ClusterState cluster) {
        Journal journal = work.journal(cluster, "decommission");
        Leases.Ask ask = work.leases().ask(cluster.spec(), cluster.spec().hosts(), journal, () -> false);
        Ending ending = work.leases().during(ask, "", grant -> {
            Plan plan = Decommission.plan(cluster, work.surveyor().survey(cluster), false);
            assertThat(plan.obstacles()).isEmpty();
            return switch (work.run().run(plan, journal, grant, () -> false)) {
                case PlanRun.Finished finished -> Ending.succeeded("done");
                case PlanRun.Cancelled stop -> Ending.cancelled();
                case PlanRun.Stopped stopped -> Ending.failed(stopped.reason());
            };
        });
        journal.finish(ending.status(), ending.reason());
        return ending.reason();
    }

    private ClusterState cluster(String uid, String name, String version) {
        Map<String, Object> described = Map.of(
                "name",
                "r1",
                "address",
                host.address(),
                "ssh",
                Map.of("user", host.user(), "credential", "ops", "hostKey", host.publicHostKey()));
        Map<String, Object> spec = Map.of(
                "service",
                "systemd",
                "hosts",
                List.of(described),
                "redis",
                Map.of("install", "packages", "version", version, "port", 7000),
                "sentinel",
                Map.of("port", 27000, "allowWeakQuorum", true));
        SpecReader.Reading reading = SpecReader.read(Map.of("metadata", Map.of("name", name), "spec", spec));
        if (!(reading instanceof SpecReader.Good good)) {
            throw new IllegalStateException("not a good spec: " + reading);
        }
        return new ClusterState(
                ClusterState.SCHEMA, new ClusterUid(uid), 1, Phase.ACCEPTED, "", Instant.EPOCH, good.spec());
    }
}
