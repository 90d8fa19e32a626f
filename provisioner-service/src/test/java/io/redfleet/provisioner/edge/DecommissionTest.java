package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.cluster.TuningSpec;
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
import io.redfleet.provisioner.plan.Fate;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.SystemdHost;
import io.redfleet.testkit.SystemdHosts;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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

/**
 * The whole life of a cluster of units, with kernel settings and rotated logs, on hosts that boot: afterwards they are as they
 * were, but for what the plan of the removal said would stay. Packages have a test of their own; dpkg keeps what it keeps.
 */
@Tag("long")
@Timeout(900)
class DecommissionTest {
    private static final String BASE = "/srv/redfleet";
    private static final String SHELF = BASE + "/orders/archive.u-orders";
    private static final List<String> SETTINGS = List.of("net.core.somaxconn", "net.ipv4.tcp_max_syn_backlog");

    @TempDir
    Path credentials;

    @TempDir
    Path directory;

    private final ExecutorService workers = Executors.newCachedThreadPool();
    private SystemdHosts three;
    private SshHosts ssh;
    private Handwork work;

    @BeforeEach
    void threeHostsWithRedisInstalled() throws Exception {
        String missing = SystemdHosts.missing().orElse("");
        assumeTrue(missing.isEmpty(), missing);
        three = SystemdHosts.boot(credentials, 3);
        ssh = new SshHosts(new Credentials(credentials, false), new KnownHosts(directory.resolve("known_hosts")));
        work = new Handwork(ssh, workers, PlainLocksmith.accounts());
        for (SystemdHost host : three.all()) {
            // The tools alone: they hold the binary, and no service; the user redis comes with them.
            shell(host, "DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends redis-tools");
            shell(host, "id -u redis || useradd --system --user-group --no-create-home redis");
        }
    }

    @AfterEach
    void end() {
        workers.shutdownNow();
        // Where there are no hosts, nothing was begun.
        if (ssh != null) {
            ssh.close();
        }
        if (three != null) {
            three.close();
        }
    }

    @Test
    void hostsAreAsTheyWereButForWhatThePlanSaidWouldStay() {
        List<HostState> before =
                three.all().stream().map(DecommissionTest::state).toList();
        ClusterState cluster = cluster();
        Ending made = work.apply(cluster);
        assertThat(made.status()).as(made.reason()).isEqualTo(Status.SUCCEEDED);
        String login = "REDISCLI_AUTH="
                + work.surveyor()
                        .survey(cluster)
                        .accounts()
                        .of(Purpose.APPLICATION)
                        .reveal() + " redis-cli --user application -h ";
        assertThat(shell(three.host(1), login + three.host(1).address() + " SET k v"))
                .isEqualTo("OK");
        assertThat(HostState.difference(before.getFirst(), state(three.host(1))))
                .as("it has left its traces")
                .contains(
                        "+ unit redfleet-orders-redis-server.service",
                        "+ file /etc/logrotate.d/redfleet-orders",
                        "+ file /etc/sysctl.d/60-redfleet.conf")
                .anyMatch(line -> line.startsWith("~ setting net.core.somaxconn"))
                .anyMatch(line -> line.startsWith("+ listener ") && line.endsWith(":6379"));

        List<String> stays = removed(cluster);

        for (int i = 0; i < 3; i++) {
            SystemdHost host = three.all().get(i);
            String name = "r" + (i + 1) + ": ";
            List<String> expected = new ArrayList<>(
                    List.of("+ file /var/lib/redfleet-host", "+ file /var/lib/redfleet-host/tuning.lock"));
            expected.add("+ content of /var/lib/redfleet-host/tuning.lock");
            // The base is not below what is looked at: below are the lease, the links to the binary, and the archive.
            List<String> below = new ArrayList<>(List.of(
                    BASE,
                    BASE + "/.lease",
                    BASE + "/.lease.work",
                    BASE + "/bin",
                    BASE + "/bin/redis-sentinel",
                    BASE + "/bin/redis-server",
                    BASE + "/orders"));
            if (i == 0) {
                String archive = shell(host, "ls " + SHELF + "/*.tar.gz");
                below.addAll(List.of(SHELF, archive, archive + ".sha256"));
                assertThat(stays).contains(name + SHELF + " stays: archives are whoever's who asked for them");
            }
            settled(host);
            assertThat(HostState.difference(before.get(i), state(host)))
                    .as("%s; the plan said of what stays: %s", host, stays)
                    .containsExactlyInAnyOrderElementsOf(expected);
            assertThat(shell(host, "find " + BASE).lines())
                    .as("%s; the plan said of what stays: %s", host, stays)
                    .containsExactlyInAnyOrderElementsOf(below);
            assertThat(stays)
                    .anyMatch(note -> note.startsWith(name + BASE + " stays, with the lease on it and bin"))
                    .anyMatch(note -> note.startsWith(name + "/var/lib/redfleet-host stays"))
                    .anyMatch(note -> note.startsWith(name + "the user redis stays"));
        }
        theArchiveIsReadByARedis(three.host(1));
    }

    private static void theArchiveIsReadByARedis(SystemdHost host) {
        assertThat(shell(host, "stat -c '%U %a' " + SHELF + " " + SHELF + "/*.tar.gz"))
                .isEqualTo("redis 700\nredis 600");
        assertThat(shell(host, "cd " + SHELF + " && sha256sum -c ./*.sha256")).endsWith(": OK");
        shell(
                host,
                "mkdir /tmp/restored && tar -xzf " + SHELF + "/*.tar.gz -C /tmp/restored && " + BASE
                        + "/bin/redis-server --dir /tmp/restored/data --appendonly yes --port 7999 --daemonize yes"
                        + " --logfile /tmp/restored/log");
        Await.until(
                "the key",
                Duration.ofSeconds(30),
                () -> shell(host, "redis-cli -p 7999 GET k || true").equals("v"));
    }

    /** Once systemd has let go of what logged in: a login's own units come and go. */
    private static void settled(SystemdHost host) {
        Await.until(
                host + " is at rest",
                Duration.ofMinutes(1),
                () -> shell(host, "systemctl list-jobs --no-legend; pgrep -u redis -x 'redis-.*' || true")
                        .isEmpty());
    }

    /** Carries it out, and answers what its plan said would stay. */
    private List<String> removed(ClusterState cluster) {
        Journal journal = work.journal(cluster, "decommission-archive");
        List<String> notes = new ArrayList<>();
        Leases.Ask ask = work.leases().ask(cluster.spec(), cluster.spec().hosts(), journal, () -> false);
        Ending ending = work.leases().during(ask, "", grant -> {
            Plan plan = Decommission.plan(cluster, work.surveyor().survey(cluster), Fate.ARCHIVED);
            assertThat(plan.obstacles()).isEmpty();
            notes.addAll(plan.notes());
            return switch (work.run().run(plan, journal, grant, () -> false)) {
                case PlanRun.Finished finished -> Ending.succeeded("done");
                case PlanRun.Cancelled stop -> Ending.cancelled();
                case PlanRun.Stopped stopped -> Ending.failed(stopped.reason());
            };
        });
        journal.finish(ending.status(), ending.reason());
        assertThat(ending.reason()).isEqualTo("done");
        return notes;
    }

    private static HostState state(SystemdHost host) {
        return HostState.of(host, SETTINGS);
    }

    /** A line for the host's own shell, as root. */
    private static String shell(SystemdHost host, String line) {
        return host.run("sh", "-c", line);
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
        Map<String, Object> spec = Map.of("service", "systemd", "directory", BASE, "hosts", described);
        SpecReader.Reading reading = SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", spec));
        if (!(reading instanceof SpecReader.Good good)) {
            throw new IllegalStateException("not a good spec: " + reading);
        }
        TuningSpec tuning = new TuningSpec(
                TuningSpec.Profile.NONE, Map.of("net.core.somaxconn", "8192", "net.ipv4.tcp_max_syn_backlog", "8192"));
        return new ClusterState(
                ClusterState.SCHEMA,
                new ClusterUid("u-orders"),
                1,
                Phase.ACCEPTED,
                "",
                Instant.EPOCH,
                good.spec().with(tuning));
    }
}
