package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.provisioner.plan.Fate;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.SystemdHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The whole life of a cluster of units, with packages of Redis and of Monit, kernel settings and rotated logs, on hosts that
 * boot and had nothing of it: afterwards they are as they were, but for what the plan of the removal said would stay.
 */
@Tag("long")
@Timeout(1200)
class DecommissionTest extends BootedGround {
    private static final String SHELF = BASE + "/orders/archive.u-orders";
    private static final List<String> SETTINGS = List.of("net.core.somaxconn", "net.ipv4.tcp_max_syn_backlog");
    private static final List<String> PACKAGES = List.of("redis-tools", "redis-server", "redis-sentinel", "monit");

    DecommissionTest() {
        super(3, false);
    }

    @Test
    void hostsAreAsTheyWereButForWhatThePlanSaidWouldStay() {
        List<HostState> before =
                hosts.all().stream().map(DecommissionTest::state).toList();
        assertThat(before.getFirst().things().keySet())
                .as("nothing of it is there")
                .doesNotContain("user redis", "package redis-server", "package monit");
        ClusterState cluster = cluster();
        applied(cluster);
        whole(cluster, THREE);
        assertThat(ask(cluster, 1, REDIS, Purpose.APPLICATION, "SET", "k", "v")).hasValue("OK");
        assertThat(HostState.difference(before.getFirst(), state(hosts.host(1))))
                .as("it has left its traces")
                .contains(
                        "+ unit redfleet-orders-redis-server.service",
                        "+ unit redfleet-orders.monit.service",
                        "+ file /etc/logrotate.d/redfleet-orders",
                        "+ file /etc/sysctl.d/60-redfleet.conf",
                        "+ user redis",
                        "+ package redis-server",
                        "+ package redis-sentinel",
                        "+ package monit")
                .anyMatch(line -> line.startsWith("~ setting net.core.somaxconn"))
                .anyMatch(line -> line.startsWith("+ listener ") && line.endsWith(":6379"));

        List<String> stays = removed(cluster, Fate.ARCHIVED);

        for (int number : THREE) {
            SystemdHost host = hosts.host(number);
            settled(host);
            Kept named = Kept.of(stays, "r" + number);
            List<String> differences = HostState.difference(before.get(number - 1), state(host)).stream()
                    .filter(line -> !line.contains(" " + BASE + "/") && !line.endsWith(" " + BASE))
                    .toList();
            List<String> unnamed =
                    differences.stream().filter(line -> !named.covers(line)).toList();
            System.out.printf(
                    "decommission: r%d differs in %d things from what it was, all but %d of them named by the plan%n",
                    number, differences.size(), unnamed.size());
            assertThat(unnamed)
                    .as("of r%d; the plan said of what stays: %s", number, stays)
                    .isEmpty();
            assertThat(shell(number, "find " + BASE).lines())
                    .as("%s; the plan said of what stays: %s", host, stays)
                    .containsExactlyInAnyOrderElementsOf(below(number));
            theReasonsAreSaid(stays, "r" + number + ": ", number);
            for (String name : PACKAGES) {
                assertThat(shell(number, "dpkg-query -W -f '${db:Status-Status}' " + name + " 2>/dev/null || true"))
                        .as(name)
                        .isNotEqualTo("installed");
            }
        }
        theArchiveIsReadByARedis(hosts.host(1));
    }

    /** The lease, the links to the binary, and the archive. */
    private List<String> below(int number) {
        List<String> below = new ArrayList<>(List.of(
                BASE,
                BASE + "/.lease",
                BASE + "/.lease.work",
                BASE + "/bin",
                BASE + "/bin/redis-sentinel",
                BASE + "/bin/redis-server",
                BASE + "/orders"));
        if (number == 1) {
            String archive = shell(number, "ls " + SHELF + "/*.tar.gz");
            below.addAll(List.of(SHELF, archive, archive + ".sha256"));
        }
        return below;
    }

    private static void theReasonsAreSaid(List<String> stays, String name, int number) {
        if (number == 1) {
            assertThat(stays).contains(name + SHELF + " stays: archives are whoever's who asked for them");
        }
        assertThat(stays)
                .anyMatch(note -> note.startsWith(name + BASE + " stays, with the lease on it and bin"))
                .anyMatch(note -> note.startsWith(name + "/var/lib/redfleet-host stays"))
                .contains(name + "the user redis stays: "
                        + (number == 1
                                ? "the archive belongs to him"
                                : "what is left of Redis's packages belongs to him"));
        for (String each : PACKAGES) {
            assertThat(stays)
                    .anyMatch(note -> note.startsWith(name + "of the package " + each + ", which goes, dpkg keeps "));
        }
    }

    /** Its packages are gone: they come once more, for this alone. */
    private static void theArchiveIsReadByARedis(SystemdHost host) {
        assertThat(shell(host, "stat -c '%U %a' " + SHELF + " " + SHELF + "/*.tar.gz"))
                .isEqualTo("redis 700\nredis 600");
        assertThat(shell(host, "cd " + SHELF + " && sha256sum -c ./*.sha256")).endsWith(": OK");
        shell(host, "DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends redis-tools");
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
                () -> shell(host, "systemctl list-jobs --no-legend; pgrep -u redis -x 'redis-.*|monit' || true")
                        .isEmpty());
    }

    private static HostState state(SystemdHost host) {
        return HostState.of(host, SETTINGS);
    }

    private ClusterState cluster() {
        return cluster(
                "orders",
                1,
                THREE,
                Map.of(
                        "redis",
                        Map.of("install", "packages", "version", "7.0"),
                        "monit",
                        Map.of("agent", "on"),
                        "tuning",
                        Map.of(
                                "profile",
                                "none",
                                "sysctl",
                                Map.of("net.core.somaxconn", "8192", "net.ipv4.tcp_max_syn_backlog", "8192"))));
    }
}
