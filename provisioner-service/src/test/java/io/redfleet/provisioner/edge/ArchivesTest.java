package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ArchiveSpec;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.plan.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A Redis out of an archive on a host that boots and has none: what root there says of it. */
@Tag("long")
@Timeout(900)
class ArchivesTest extends BootedGround {
    private static final String UNIT = "redfleet-orders-redis-server";

    ArchivesTest() {
        super(1, false);
    }

    @Override
    Optional<String> lacking() throws IOException {
        return Files.readString(Path.of("/etc/os-release")).contains("bookworm")
                ? Optional.empty()
                : Optional.of("the hosts are Debian 12, and this machine's own Redis is packed for them");
    }

    @BeforeEach
    void aHostWithoutRedis() {
        // What Debian's own server is linked with, and nothing of Redis's.
        shell("DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $(apt-get -s install"
                + " --no-install-recommends redis-tools | awk '$1 == \"Inst\" && $2 !~ /^redis/ { print $2 }')");
    }

    @Test
    void anArchiveBringsARedisOfRootsThatUnitsRunAndTheLastClusterTakesItAway() throws Exception {
        assertThat(shell("ls -d /usr/bin/redis* /opt/redis 2>/dev/null || true"))
                .isEmpty();
        PackedRedis packed = PackedRedis.ofThisMachine(artefacts());
        String tree = "/opt/redis/" + packed.version();
        ClusterState orders = packed.of(spec("orders", "/var/lib/redfleet", 7000), "u1", 1);
        Step first = work.provisioning().plan(orders).steps().getFirst();
        assertThat(first.id()).isEqualTo("r1/archive/install");
        assertThat(first.diff()).contains("+ " + tree, "+ used by orders");

        succeeds(orders);
        assertThat(run("stat", "-c", "%U %G %a", tree, tree + "/bin/redis-server"))
                .isEqualTo("root root 755\nroot root 755");
        assertThat(run("readlink", "/opt/redis/current")).isEqualTo(packed.version());
        String pid = pid();
        // Root of a container may not look at other users' processes.
        assertThat(run("runuser", "-u", "redis", "--", "readlink", "/proc/" + pid + "/exe"))
                .isEqualTo(tree + "/bin/redis-server");
        assertThat(shell("find /opt/redis -name '.redfleet-*'")).isEmpty();
        assertThat(work.apply(orders).reason()).isEqualTo("nothing to change");

        whatIsBrokenIsPutRightUnderWhatRuns(orders, tree, pid);
        anotherArchiveOfTheVersionIsRefused(orders, packed, tree);

        ClusterState carts = packed.of(spec("carts", "/var/lib/carts", 7100), "u2", 1);
        succeeds(carts);
        assertThat(shell("grep ^cluster " + tree + "/.redfleet | sort"))
                .isEqualTo("cluster u1 orders\ncluster u2 carts");
        removed(orders);
        assertThat(shell("grep ^cluster " + tree + "/.redfleet")).isEqualTo("cluster u2 carts");
        assertThat(work.apply(carts).reason()).isEqualTo("nothing to change");
        removed(carts);
        assertThat(shell("ls -d /opt/redis 2>/dev/null || true")).isEmpty();
    }

    private void whatIsBrokenIsPutRightUnderWhatRuns(ClusterState orders, String tree, String pid) {
        shell("cp " + tree + "/bin/redis-server /tmp/other && echo x >>/tmp/other && mv /tmp/other " + tree
                + "/bin/redis-server && mkdir -p /opt/redis/.redfleet-new.1.2.3/tree");
        assertThat(work.provisioning().plan(orders).steps()).singleElement().satisfies(step -> {
            assertThat(step.id()).isEqualTo("r1/archive/install");
            assertThat(step.diff()).contains("- " + tree + ": as it is");
        });
        succeeds(orders);
        assertThat(pid()).isEqualTo(pid);
        assertThat(shell("ls -A /opt/redis | sort | tr '\\n' ' '")).isEqualTo(tree.substring(11) + " current");
    }

    private void anotherArchiveOfTheVersionIsRefused(ClusterState orders, PackedRedis packed, String tree) {
        ArchiveSpec other = new ArchiveSpec(packed.archive().file(), "f".repeat(64));
        ClusterState wanted = new PackedRedis(packed.version(), other).of(orders.spec(), "u1", 2);
        Ending refused = work.apply(wanted);
        assertThat(refused.status()).isEqualTo(Status.FAILED);
        assertThat(refused.reason()).contains(tree + " came out of an archive with sha256 ");
        assertThat(work.apply(orders).reason()).isEqualTo("nothing to change");
    }

    private void succeeds(ClusterState cluster) {
        Ending ending = work.apply(cluster);
        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
    }

    private void removed(ClusterState cluster) {
        Ending ending = work.removed(cluster);
        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
    }

    private String pid() {
        return run("systemctl", "show", "-p", "MainPID", "--value", UNIT);
    }

    /** As root on the host. */
    private String run(String... command) {
        return hosts.host(1).run(command);
    }

    private String shell(String line) {
        return shell(1, line);
    }

    /** @param port of Redis; its Sentinel has one of 20,000 more */
    private ClusterSpec spec(String name, String base, int port) {
        Map<String, Object> sentinel = Map.of("port", port + 20_000, "allowWeakQuorum", true);
        return cluster(
                        name,
                        1,
                        List.of(1),
                        Map.of("directory", base, "redis", Map.of("port", port), "sentinel", sentinel))
                .spec();
    }
}
