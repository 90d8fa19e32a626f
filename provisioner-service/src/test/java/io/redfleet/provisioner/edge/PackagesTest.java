package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.plan.Fate;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Step;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Debian's own packages on a host that boots, out of a repository on the host: what root there says of them. */
@Tag("long")
@Timeout(900)
class PackagesTest extends BootedGround {
    private static final List<String> PACKAGES = List.of("redis-tools", "redis-server", "redis-sentinel");
    private static final List<String> VENDORS = List.of("redis-server.service", "redis-sentinel.service");
    private static final String INSTALLED =
            "dpkg-query -W -f '${Package} ${db:Status-Status} ${Version}\\n' | grep ' installed ' | sort";

    PackagesTest() {
        super(1, false);
    }

    @Test
    void packagesComeHeldAndQuietAndGoWithTheLastClusterAndARedisOfSomebodyElseIsLeftAlone() {
        run("mkdir", "-p", "/etc/needrestart/conf.d");
        String before = shell(INSTALLED);
        assertThat(before).doesNotContain("redis");
        String version = shell("apt-cache policy redis-tools | sed -n 's/^  Candidate: //p'");
        ClusterState cluster = cluster("orders", "7.0");

        Step first = work.provisioning().plan(cluster).steps().getFirst();
        assertThat(first.id()).isEqualTo("r1/packages/install");
        assertThat(first.diff()).contains("+ redis-server=" + version, "+ hold redis-server");

        Ending applied = work.apply(cluster);
        assertThat(applied.status()).as(applied.reason()).isEqualTo(Status.SUCCEEDED);
        packagesAreHeldAndQuiet(version);
        assertThat(work.apply(cluster).reason()).isEqualTo("nothing to change");

        whatDriftedIsHeldAgain(cluster);
        anotherVersionIsRefused(cluster);

        removed(cluster, Fate.ERASED);
        assertThat(shell(INSTALLED)).isEqualTo(before);
        assertThat(run("apt-mark", "showhold")).isEmpty();
        assertThat(shell(
                        "ls /var/lib/redfleet-host/packages /etc/needrestart/conf.d/redfleet.conf 2>/dev/null || true"))
                .isEmpty();

        aRedisOfSomebodyElseIsLeftAlone(cluster);
    }

    private void packagesAreHeldAndQuiet(String version) {
        for (String name : PACKAGES) {
            assertThat(run("dpkg-query", "-W", "-f", "${db:Status-Want} ${db:Status-Status} ${Version}", name))
                    .isEqualTo("hold installed " + version);
        }
        for (String unit : VENDORS) {
            assertThat(shell("systemctl is-active " + unit + " || true")).isEqualTo("inactive");
            assertThat(shell("systemctl is-enabled " + unit + " || true")).isEqualTo("disabled");
            assertThat(run("systemctl", "show", "-p", "LoadState", "--value", unit))
                    .as("not masked any more")
                    .isEqualTo("loaded");
        }
        for (String unit : List.of("redfleet-orders-redis-server", "redfleet-orders-redis-sentinel")) {
            assertThat(run("systemctl", "is-active", unit)).isEqualTo("active");
        }
        assertThat(run("ss", "-Htln"))
                .contains(":7000 ", ":27000 ")
                .doesNotContain(":6379 ")
                .doesNotContain(":26379 ");
        assertThat(shell("journalctl -b -o cat -u redis-server -u redis-sentinel | grep -i started || true"))
                .as("not even for a moment")
                .isEmpty();
        assertThat(run("stat", "-c", "%U %a", "/etc/needrestart/conf.d/redfleet.conf"))
                .isEqualTo("root 644");
    }

    private void whatDriftedIsHeldAgain(ClusterState cluster) {
        run("apt-mark", "unhold", "redis-tools");
        assertThat(work.provisioning().plan(cluster).steps()).singleElement().satisfies(step -> {
            assertThat(step.id()).isEqualTo("r1/packages/install");
            assertThat(step.diff()).containsExactly("+ hold redis-tools");
        });
        assertThat(work.apply(cluster).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(run("apt-mark", "showhold")).contains("redis-tools");
    }

    private void anotherVersionIsRefused(ClusterState cluster) {
        Plan upgrade = work.provisioning().plan(cluster("orders", "7.2"));
        assertThat(upgrade.steps())
                .as("apt knows none of it, by lists that may be old")
                .extracting(Step::id)
                .containsExactly("r1/packages/lists");
        Plan other = work.provisioning().plan(cluster("billing", "7.2"));
        assertThat(other.obstacles().toString()).contains("used by orders (uid u-orders), and 7.2 is wanted");
        assertThat(work.apply(cluster).reason()).isEqualTo("nothing to change");
    }

    private void aRedisOfSomebodyElseIsLeftAlone(ClusterState cluster) {
        shell("DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends redis-server");
        shell("systemctl unmask redis-server && systemctl enable --now redis-server");
        String pid = run("systemctl", "show", "-p", "MainPID", "--value", "redis-server");
        Ending refused = work.apply(cluster);
        assertThat(refused.status()).isEqualTo(Status.FAILED);
        assertThat(refused.reason()).contains("r1: packages: redis-server.service runs here and is not Redfleet's");
        assertThat(run("systemctl", "show", "-p", "MainPID", "--value", "redis-server"))
                .isEqualTo(pid)
                .isNotEqualTo("0");
        assertThat(run("apt-mark", "showhold")).isEmpty();
    }

    /** As root on the host. */
    private String run(String... command) {
        return hosts.host(1).run(command);
    }

    private String shell(String line) {
        return shell(1, line);
    }

    private ClusterState cluster(String name, String version) {
        return cluster(
                name,
                1,
                List.of(1),
                Map.of(
                        "redis",
                        Map.of("install", "packages", "version", version, "port", 7000),
                        "sentinel",
                        Map.of("port", 27000, "allowWeakQuorum", true)));
    }
}
