package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.order.SwitchByHand;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.SentinelIds;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.SystemdHost;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A cluster is provisioned and fails over three times: its master's machine loses its power, somebody asks us for it, somebody
 * asks a Sentinel. Nothing of that is drift: an apply after it changes nothing, least of all the master.
 */
@Tag("long")
@Timeout(600)
class ThreeFailoversTest extends BootedGround {
    /** What a Sentinel has in its own file is its own: of an apply that changes nothing, it says the same before and after. */
    private static final String DIGESTS = """
            find /etc/systemd/system /etc/logrotate.d %s -type f ! -path '*/data/*' ! -path '*/log/*' ! -name '.lease*' \
              -exec sha256sum {} + | sort -k 2
            """.formatted(BASE);

    ThreeFailoversTest() {
        super(3);
    }

    @Test
    void anApplyAfterThreeFailoversChangesNothing() {
        ClusterState cluster = cluster("orders", 1, THREE, Map.of("sentinel", Map.of("failoverTimeout", "10s")));
        applied(cluster);
        int first = whole(cluster, THREE);
        assertThat(first)
                .as("the spec's master leads, until a Sentinel has decided")
                .isEqualTo(1);
        Map<Integer, String> ids = ids(cluster);
        assertThat(ids.values()).doesNotHaveDuplicates().allMatch(id -> id.matches("[0-9a-f]{40}"));
        ClusterSurvey survey = work.surveyor().survey(cluster);
        assertThat(cluster.spec().members(InstanceRole.SENTINEL).stream()
                        .map(member -> SentinelIds.of(survey, member.id()).orElse(member.id() + " is not known")))
                .as("a survey finds the same")
                .containsExactlyInAnyOrderElementsOf(ids.values());

        int second = timed("power cut", first, old -> powerIsCut(cluster, old));
        int third = timed("switch-over by us", second, old -> switchedOver(cluster, old));
        int last = timed("SENTINEL FAILOVER", third, old -> askedOfASentinel(cluster, old));

        Plan plan = work.provisioning().plan(cluster);
        assertThat(plan.shown().get("changes")).as("%s", plan.shown()).isEqualTo(0);
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.refused()).isEmpty();
        Map<String, String> traces = traces();
        List<String> digests = digests();

        Ending again = work.apply(cluster);

        assertThat(again).isEqualTo(Ending.succeeded("nothing to change"));
        assertThat(work.ledger().last(OperationState.class).steps()).isEmpty();
        assertThat(whole(cluster, THREE)).isEqualTo(last);
        assertThat(ids(cluster)).isEqualTo(ids);
        assertThat(traces()).isEqualTo(traces);
        assertThat(digests()).isEqualTo(digests).hasSizeGreaterThan(3 * 8);
    }

    /** @param failover gives the new master when the cluster is whole again */
    private static int timed(String how, int old, IntUnaryOperator failover) {
        long begun = System.nanoTime();
        int now = failover.applyAsInt(old);
        System.out.printf(
                "three failovers: %s, r%d to r%d, whole after %d ms%n",
                how, old, now, (System.nanoTime() - begun) / 1_000_000);
        assertThat(now).as(how).isNotEqualTo(old);
        return now;
    }

    /** Nobody of ours does anything: systemd starts the old master at boot, as what its start guard hears. */
    private int powerIsCut(ClusterState cluster, int old) {
        SystemdHost host = hosts.host(old);
        host.cutPower();
        successor(cluster, THREE.stream().filter(number -> number != old).toList(), old);
        host.boot();
        int now = whole(cluster, THREE);
        // The connection from before the cut has to be given up first.
        Await.until(
                host + " answers",
                SETTLES_WITHIN,
                () -> work.surveyor().survey(cluster).unreached().isEmpty());
        return now;
    }

    private int switchedOver(ClusterState cluster, int old) {
        Ending switched = SwitchByHand.carryOut(
                work.surveyor(), work.run(), work.leases(), cluster, work.journal(cluster, "switchover"));
        assertThat(switched.status()).as(switched.reason()).isEqualTo(Status.SUCCEEDED);
        successor(cluster, THREE, old);
        return whole(cluster, THREE);
    }

    /** The old master lives, and is one for ten seconds more, until the Sentinels have made it a replica. */
    private int askedOfASentinel(ClusterState cluster, int old) {
        assertThat(ask(cluster, 1, SENTINEL, Purpose.ADMIN, "SENTINEL", "FAILOVER", "orders"))
                .hasValue("OK");
        successor(cluster, THREE, old);
        return whole(cluster, THREE);
    }

    private Map<Integer, String> ids(ClusterState cluster) {
        return THREE.stream()
                .collect(Collectors.toMap(
                        number -> number,
                        number -> ask(cluster, number, SENTINEL, Purpose.ADMIN, "SENTINEL", "MYID")
                                .orElse("r" + number + " says none")));
    }

    private List<String> digests() {
        return THREE.stream()
                .flatMap(number -> shell(number, DIGESTS).lines().map(line -> "r" + number + " " + line))
                .toList();
    }
}
