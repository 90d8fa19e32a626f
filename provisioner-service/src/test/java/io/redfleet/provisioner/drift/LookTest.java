package io.redfleet.provisioner.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.PlanId;
import io.redfleet.provisioner.plan.Plans;
import io.redfleet.provisioner.plan.Step;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a plan means for whoever only looks. */
class LookTest {
    private static final ClusterState CLUSTER = Plans.cluster("u", 3, 3);

    @Test
    void onlyAPlanWithoutAnythingInItProvesThatAllIsWell() {
        assertThat(Look.at(CLUSTER, Plan.NOTHING)).isEqualTo(new Look.Same());
    }

    @Test
    void aHostThatGivesNoAnswerIsNoDrift() {
        Plan obstructed = Plan.impossible("survey", "no answer within 14000 ms");
        assertThat(Look.at(CLUSTER, obstructed)).isInstanceOf(Look.Blind.class);
    }

    @Test
    void anInstanceThatAPersonStoppedIsNoDriftAndHidesItsSettings() {
        Plan stopped = new Plan(List.of(), List.of(), List.of("r3 was stopped by a person and is left so"), false);
        assertThat(Look.at(CLUSTER, stopped)).isEqualTo(new Look.Blind("r3 was stopped by a person and is left so"));
    }

    /** What a host warns of for months must not hide that nothing differs. */
    @Test
    void aWarningHidesNothing() {
        List<String> warnings = List.of("r1: clock: chronyc says that it follows no other clock");
        Plan warned = new Plan(List.of(), List.of(), List.of(), false, List.of(), 0, warnings);
        assertThat(Look.at(CLUSTER, warned)).isEqualTo(new Look.Same());
    }

    @Test
    void anInstanceThatLoadsIsNoDriftAndHidesItsSettings() {
        Plan loads = Plans.of(List.of(List.of(Plans.ready("r1"))));
        assertThat(Look.at(CLUSTER, loads)).isEqualTo(new Look.Blind("wait until r1 answers"));
    }

    @Test
    void whatChangesSomethingIsCountedByWhatItCosts() {
        Plan plan = Plans.of(List.of(
                List.of(Plans.tell("r1"), Plans.tell("r2")), List.of(Plans.start("r3")), List.of(Plans.ready("r3"))));
        assertThat(Look.at(CLUSTER, plan))
                .isEqualTo(new Look.Differs(
                        PlanId.of(CLUSTER, plan),
                        3,
                        2,
                        1,
                        0,
                        List.of("set [maxmemory]", "set [maxmemory]", "start r3")));
    }

    @Test
    void ofManyStepsAndLongTitlesAFewAndTheirBeginningAreShown() {
        List<Step> many = IntStream.range(0, 20)
                .mapToObj(i -> Plans.write("r1", i + "x".repeat(1_000), List.of(), ""))
                .toList();
        Look look = Look.at(CLUSTER, Plans.of(List.of(many)));
        assertThat(look).isInstanceOfSatisfying(Look.Differs.class, differs -> {
            assertThat(differs.changes()).isEqualTo(20);
            assertThat(differs.first()).hasSize(5).allMatch(title -> title.length() == 203);
        });
    }
}
