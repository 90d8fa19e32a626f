package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Leaving;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.drift.Look;
import io.redfleet.provisioner.plan.Decommission;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Planner;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.provisioner.survey.Surveyor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The logs of instances that systemd runs are rotated; those of others are not Redfleet's to rotate. */
class RotationRunTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);

    private final ScriptedHosts hosts = new ScriptedHosts();
    private int ids;

    @Test
    void eachHostHasOneFileOnceAndItGoesWithTheCluster() {
        ClusterState cluster = cluster("systemd");
        assertThat(run(cluster).reason()).isEqualTo("as the spec wants it");
        assertThat(hosts.rotations()).hasSize(3);
        assertThat(hosts.rotations().get("r2"))
                .contains("/base/r2/orders/redis-server/log/redis.log", "/base/r2/orders/redis-sentinel/log/redis.log");
        List<String> changes = hosts.changes();
        assertThat(run(cluster).reason()).isEqualTo("nothing to change");
        assertThat(hosts.changes()).isEqualTo(changes);

        Plan end = Decommission.plan(cluster, surveyor().survey(cluster), true);
        assertThat(end.steps())
                .extracting(Step::id)
                .contains("r1/logs/rotation", "r2/logs/rotation", "r3/logs/rotation");
    }

    @Test
    void aFileOfSomebodyElseIsLeftAloneAndSaid() {
        ClusterState cluster = cluster("systemd");
        hosts.strangeRotation("r2");
        assertThat(run(cluster).reason()).isEqualTo("as the spec wants it");
        assertThat(refused(cluster))
                .containsExactly(
                        "r2: logs are not rotated: /etc/logrotate.d/redfleet-orders is not of this cluster, and is"
                                + " left alone");
        assertThat(hosts.rotations()).containsEntry("r2", "strange").containsKeys("r1", "r3");
        assertThat(hosts.harm()).isEmpty();
        assertThat(Decommission.plan(cluster, surveyor().survey(cluster), true).steps())
                .extracting(Step::id)
                .contains("r1/logs/rotation")
                .doesNotContain("r2/logs/rotation");
    }

    @Test
    void whereLogrotateHasNoDirectoryThatIsSaidAndInNobodysWay() {
        hosts.withoutRotation();
        ClusterState cluster = cluster("systemd");
        assertThat(run(cluster).reason()).isEqualTo("as the spec wants it");
        assertThat(hosts.rotations()).isEmpty();
        assertThat(refused(cluster)).hasSize(3).startsWith("r1: logs are not rotated: there is no /etc/logrotate.d");
        assertThat(Look.at(cluster, plan(cluster)))
                .as("all else of the hosts is seen, and is as the spec says")
                .isEqualTo(new Look.Same());
    }

    @Test
    void aHostThatLeavesKeepsNoFileOfIt() {
        assertThat(run(cluster("systemd", 4)).reason()).isEqualTo("as the spec wants it");
        assertThat(hosts.rotations()).containsKey("r4");
        ClusterState without = cluster("systemd", 3)
                .leftBy(List.of(new Leaving(cluster("systemd", 4).spec().hosts().getLast(), false)));
        assertThat(run(without).reason()).isEqualTo("as the spec wants it");
        assertThat(hosts.rotations()).containsOnlyKeys("r1", "r2", "r3");
        assertThat(hosts.units().keySet()).noneMatch(unit -> unit.startsWith("r4:"));
        assertThat(hosts.guards().keySet()).noneMatch(guard -> guard.startsWith("r4:"));
        assertThat(hosts.harm()).isEmpty();
        assertThat(run(without).reason()).isEqualTo("nothing to change");
    }

    @Test
    void processesOfALoginAreNone() {
        assertThat(run(cluster("process")).reason()).isEqualTo("as the spec wants it");
        assertThat(hosts.rotations()).isEmpty();
    }

    private Plan plan(ClusterState cluster) {
        return Planner.plan(cluster, surveyor().survey(cluster));
    }

    /** What differs and stays so, with the host before it. */
    private List<String> refused(ClusterState cluster) {
        return plan(cluster).refused().stream()
                .map(refused -> refused.host() + ": " + refused.reason())
                .toList();
    }

    private Ending run(ClusterState cluster) {
        Journal journal = new Journal(new RecordingLedger(), CLOCK, Scripted.accepted(cluster));
        Leases leases = new Leases(hosts, "provisioner-0", () -> "lease-" + ++ids, CLOCK, Duration.ofMinutes(5));
        PlanRun run = new PlanRun(new Hands(hosts), Runnable::run, CLOCK);
        return new Provisioning(surveyor(), run, leases).carryOut(cluster, journal, () -> false);
    }

    private Surveyor surveyor() {
        return new Surveyor(hosts, Runnable::run, CLOCK, PlainLocksmith.accounts());
    }

    private static ClusterState cluster(String service) {
        return cluster(service, 3);
    }

    private static ClusterState cluster(String service, int many) {
        List<Map<String, String>> described = IntStream.rangeClosed(1, many)
                .mapToObj(i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i, "directory", "/base/r" + i))
                .toList();
        Map<String, Object> spec = Map.of("hosts", described, "service", service);
        SpecReader.Reading reading = SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", spec));
        ClusterSpec read = ((SpecReader.Good) reading).spec();
        return new ClusterState(ClusterState.SCHEMA, new ClusterUid("u"), 1, Phase.ACCEPTED, "", Instant.EPOCH, read);
    }
}
