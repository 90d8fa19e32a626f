package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.apply.Journal;
import io.redfleet.provisioner.packages.Release;
import io.redfleet.provisioner.plan.Restarts;
import io.redfleet.testkit.RedisCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A cluster of units goes from one Redis to a later one, both out of archives, under a client that writes all the time. */
@Tag("long")
@Timeout(2400)
class SystemdVersionRollTest extends BootedGround {
    private static final String NEXT = "8.0.2";
    private static final List<String> ROLES = List.of("redis-server", "redis-sentinel");
    /** Writes are refused for 68 s at most, or for as long as another replica takes to follow the next master. */
    private static final Duration OUTAGE_MOST = Duration.ofSeconds(80);

    SystemdVersionRollTest() {
        super(3);
    }

    @Override
    Optional<String> lacking() throws IOException {
        Optional<String> builds = BuiltRedis.missingForUnits();
        return builds.isPresent()
                        || Files.readString(Path.of("/etc/os-release")).contains("bookworm")
                ? builds
                : Optional.of("the hosts are Debian 12, and what this machine has and builds is not for them");
    }

    @Test
    void everyUnitRunsTheLaterVersionAndNoAcknowledgedWriteIsLost() throws Exception {
        PackedRedis before = PackedRedis.ofThisMachine(artefacts());
        PackedRedis after = BuiltRedis.of(NEXT, artefacts());
        assertThat(Release.older(before.version(), after.version()))
                .as("%s is older than %s", before.version(), after.version())
                .isTrue();
        ClusterState old = cluster("orders", 1, THREE, Map.of("redis", before.redis()));
        applied(old);
        int first = whole(old, THREE);
        everyUnitRuns(old, before.version());

        ClusterState next = cluster("orders", 2, THREE, Map.of("redis", after.redis()));
        List<Endpoint> sentinels = THREE.stream()
                .map(number -> new Endpoint(hosts.host(number).address(), SENTINEL))
                .toList();
        String password = password(old, Purpose.APPLICATION);
        SentinelWriter.Way way = (address, port) ->
                RedisCall.open(address, port, Duration.ofSeconds(5)).as(Purpose.APPLICATION.word(), password);
        try (SentinelWriter writer = new SentinelWriter(sentinels, "orders", way)) {
            writer.awaitMore(500);
            Ending ending = rolled(next);
            assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
            assertThat(ending.reason())
                    .contains("restarted, in this order: [r1/redis-sentinel, r2/redis-sentinel, r3/redis-sentinel,");
            writer.awaitMore(500);
            writer.end();
            int master = whole(next, THREE);
            assertThat(master).isNotEqualTo(first);
            List<String> lost = new ArrayList<>();
            for (int number : THREE) {
                lost.addAll(writer.lostAt(new Endpoint(hosts.host(number).address(), REDIS)));
            }
            System.out.printf(
                    "rolling change of version by systemd: from %s to %s, %d acknowledged writes, %d lost,"
                            + " longest time without one %d ms%n",
                    before.version(),
                    after.version(),
                    writer.count(),
                    lost.size(),
                    writer.longestOutage().toMillis());
            assertThat(lost).isEmpty();
            assertThat(writer.longestOutage()).isLessThan(OUTAGE_MOST);
        }
        everyUnitRuns(next, after.version());
        assertThat(work.apply(next)).isEqualTo(Ending.succeeded("nothing to change"));

        Ending back = rolled(cluster("orders", 3, THREE, Map.of("redis", before.redis())));
        assertThat(back.status()).isEqualTo(Status.FAILED);
        assertThat(back.reason())
                .contains(
                        "would be started as Redis " + before.version(),
                        "an older Redis cannot read what a newer one writes");
        everyUnitRuns(next, after.version());
    }

    /** Cancelled once the first replica has gone to the later one, and its master has not. */
    @Test
    void aReplicaThatHasGoneBeforeItsMasterComesBackAndNoAcknowledgedWriteIsLost() throws Exception {
        PackedRedis before = PackedRedis.ofThisMachine(artefacts());
        PackedRedis after = BuiltRedis.of(NEXT, artefacts());
        ClusterState old = cluster("orders", 1, THREE, Map.of("redis", before.redis()));
        applied(old);
        int first = whole(old, THREE);

        ClusterState next = cluster("orders", 2, THREE, Map.of("redis", after.redis()));
        Journal journal = work.journal(next, "provision");
        Ending half = work.provisioning()
                .carryOut(
                        next,
                        "",
                        new Restarts.Needed(""),
                        journal,
                        () -> !gone(next, after.version()).isEmpty());
        journal.finish(half.status(), half.reason());
        assertThat(half.status()).as(half.reason()).isEqualTo(Status.CANCELLED);
        List<Integer> gone = gone(next, after.version());
        assertThat(gone).hasSize(1).doesNotContain(first);
        whole(next, THREE);

        List<Endpoint> sentinels = THREE.stream()
                .map(number -> new Endpoint(hosts.host(number).address(), SENTINEL))
                .toList();
        String password = password(old, Purpose.APPLICATION);
        SentinelWriter.Way way = (address, port) ->
                RedisCall.open(address, port, Duration.ofSeconds(5)).as(Purpose.APPLICATION.word(), password);
        ClusterState again = cluster("orders", 3, THREE, Map.of("redis", before.redis()));
        try (SentinelWriter writer = new SentinelWriter(sentinels, "orders", way)) {
            writer.awaitMore(500);
            Ending back = rolled(again);
            assertThat(back.status()).as(back.reason()).isEqualTo(Status.SUCCEEDED);
            assertThat(back.reason())
                    .contains("restarted, in this order: [r" + gone.getFirst() + "/redis-server, r1/redis-sentinel,");
            writer.awaitMore(500);
            writer.end();
            assertThat(whole(again, THREE)).as("no switchover").isEqualTo(first);
            for (int number : THREE) {
                assertThat(writer.lostAt(new Endpoint(hosts.host(number).address(), REDIS)))
                        .as("on r%d", number)
                        .isEmpty();
            }
        }
        everyUnitRuns(again, before.version());
        assertThat(shell(gone.getFirst(), "ls -A " + BASE + "/orders/redis-server/aside/" + after.version()))
                .contains("appendonlydir");
        assertThat(work.apply(again)).isEqualTo(Ending.succeeded("nothing to change"));
    }

    /** The hosts whose data node says that it is this version. */
    private List<Integer> gone(ClusterState cluster, String version) {
        return THREE.stream()
                .filter(number -> ask(cluster, number, REDIS, Purpose.ADMIN, "INFO", "server")
                        .filter(info -> info.contains("redis_version:" + version + "\r\n"))
                        .isPresent())
                .toList();
    }

    /** What each says of itself, and which file root sees its process run. */
    private void everyUnitRuns(ClusterState cluster, String version) {
        for (int number : THREE) {
            for (String role : ROLES) {
                int port = role.equals("redis-server") ? REDIS : SENTINEL;
                assertThat(ask(cluster, number, port, Purpose.ADMIN, "INFO", "server"))
                        .hasValueSatisfying(info -> assertThat(info).contains("redis_version:" + version + "\r\n"));
                // Root of a container may not look at other users' processes.
                String exe = "runuser -u redis -- readlink /proc/$(systemctl show -p MainPID --value redfleet-orders-"
                        + role + ")/exe";
                assertThat(shell(number, exe)).isEqualTo("/opt/redis/" + version + "/bin/redis-server");
            }
        }
    }
}
