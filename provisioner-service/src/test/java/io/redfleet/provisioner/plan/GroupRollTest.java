package io.redfleet.provisioner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Leaving;
import io.redfleet.contracts.wire.Request;
import io.redfleet.provisioner.apply.Hands;
import io.redfleet.provisioner.apply.Leases;
import io.redfleet.provisioner.apply.PlanRun;
import io.redfleet.provisioner.apply.Provisioning;
import io.redfleet.provisioner.apply.ScriptedHosts;
import io.redfleet.provisioner.gate.OrderGate;
import io.redfleet.provisioner.gate.Verdict;
import io.redfleet.provisioner.plan.GroupedTrio.Sentinel;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.Surveyor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is restarted of a cluster whose Sentinels others need, and who needs them. */
class GroupRollTest {
    private static final String STAYS =
            "r1/redis-sentinel belongs to the group ring, and other clusters need it too, whose"
                    + " masters are [billing]: it is not restarted";

    @Test
    void theDataNodesAreRestartedAsANewerRedisAndTheSharedSentinelsStay() {
        GroupedTrio trio = upgraded();
        Plan plan = Planner.plan(trio.cluster, trio.survey(), new Restarts.Needed(""));
        assertThat(plan.obstacles()).isEmpty();
        assertThat(of(plan, "r2/redis-server")).contains("stop", "start");
        assertThat(of(plan, "r1/redis-server")).contains("stop", "start");
        assertThat(of(plan, "r1/redis-sentinel")).doesNotContain("stop", "start", "prepare");
        assertThat(plan.refused()).hasSize(3).first().satisfies(refused -> {
            assertThat(refused.subject()).isEqualTo("r1/redis-sentinel");
            assertThat(refused.diff()).containsExactly("- runs Redis 7.0.15", "+ runs Redis 7.0.16");
            assertThat(refused.reason()).isEqualTo(STAYS);
            assertThat(refused.restart()).isFalse();
        });
    }

    /** Nobody is told to agree to what is not done then. */
    @Test
    void whereNobodyHasAgreedToRestartsTheSharedSentinelsAskForNone() {
        GroupedTrio trio = upgraded();
        assertThat(trio.plan().refused())
                .filteredOn(refused -> !refused.restart())
                .extracting(Plan.Refused::subject)
                .containsExactly("r1/redis-sentinel", "r2/redis-sentinel", "r3/redis-sentinel");
        assertThat(trio.plan().refused())
                .filteredOn(Plan.Refused::restart)
                .extracting(Plan.Refused::subject)
                .containsExactly("r1/redis-server", "r2/redis-server", "r3/redis-server");
    }

    @Test
    void aRollOfAllLeavesThemOutAndSaysSo() {
        GroupedTrio trio = new GroupedTrio(Sentinel.MEMBER).running();
        Plan plan = RollPlan.plan(trio.cluster, trio.survey(), new Restarts.All(Duration.ZERO, ""));
        assertThat(plan.obstacles()).isEmpty();
        assertThat(of(plan, "r3/redis-server")).contains("stop", "start");
        assertThat(of(plan, "r1/redis-sentinel")).doesNotContain("stop", "start");
        assertThat(plan.notes()).contains(STAYS);
    }

    @Test
    void aRollIsNotRefusedForThem() {
        GroupedTrio trio = new GroupedTrio(Sentinel.MEMBER).running();
        Hosts hosts = new SaidHosts(trio);
        InstantSource clock = () -> Instant.EPOCH;
        Provisioning provisioning = new Provisioning(
                new Surveyor(hosts, Runnable::run, clock, state -> GroupedTrio.ACCOUNTS),
                new PlanRun(new Hands(hosts), Runnable::run, clock),
                new Leases(new ScriptedHosts(), "provisioner-1", () -> "lease-1", clock, Duration.ofSeconds(1)));
        assertThat(provisioning.whyNoRoll(trio.cluster, "")).isEmpty();
        trio.is("r1", Sentinel.DEAD);
        assertThat(provisioning.whyNoRoll(trio.cluster, ""))
                .hasValueSatisfying(why -> assertThat(why).contains("r1/redis-sentinel is not ready"));
    }

    @Test
    void theLastMemberRestartsThemAsItsOwn() {
        GroupedTrio trio = upgraded();
        trio.others("");
        Plan plan = Planner.plan(trio.cluster, trio.survey(), new Restarts.Needed(""));
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.refused()).isEmpty();
        assertThat(of(plan, "r1/redis-sentinel")).contains("stop", "start");
    }

    /** A master that is about to leave with its host is the cluster's, and nobody else's. */
    @Test
    void aMasterOnAHostThatLeavesIsTheClustersOwn() {
        GroupedTrio trio = new GroupedTrio(Sentinel.MEMBER).running();
        trio.others("");
        trio.watched("10.0.0.14");
        InstanceId sentinel = new InstanceId("r1/redis-sentinel");
        assertThat(OrderGate.judge(trio.cluster, trio.survey(), sentinel, Request.Verb.STOP, sentinel.value()))
                .isInstanceOfSatisfying(
                        Verdict.Withheld.class,
                        withheld -> assertThat(withheld.rule()).isEqualTo("shared-sentinel"));
        ClusterState four = Plans.cluster(4, Map.of("sentinel", Map.of("group", "ring")));
        ClusterState left =
                trio.cluster.leftBy(List.of(new Leaving(four.spec().hosts().getLast(), false)));
        assertThat(OrderGate.judge(left, trio.survey(), sentinel, Request.Verb.STOP, sentinel.value()))
                .isInstanceOf(Verdict.Go.class);
    }

    private static GroupedTrio upgraded() {
        GroupedTrio trio = new GroupedTrio(Sentinel.MEMBER).running();
        trio.installed("7.0.16");
        return trio;
    }

    /** What is done to the instance, in order. */
    private static List<String> of(Plan plan, String instance) {
        return plan.steps().stream()
                .map(Step::id)
                .filter(id -> id.startsWith(instance + "/"))
                .map(id -> id.substring(instance.length() + 1))
                .toList();
    }
}
