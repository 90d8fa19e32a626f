package io.redfleet.provisioner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What makes a plan another one. */
class PlanIdTest {
    private static final ClusterState CLUSTER = Plans.cluster("u", 3, 3);
    private static final Step WRITE = Plans.write("r1", "write users.acl", List.of("+ user ***"), "user #1");
    private static final Step START = Plans.start("r2");
    private static final Plan PLAN = Plans.of(List.of(List.of(WRITE), List.of(START)));

    static Stream<Arguments> others() {
        Step title = Plans.write("r1", "write users", List.of("+ user ***"), "user #1");
        Step diff = Plans.write("r1", "write users.acl", List.of("+ user **"), "user #1");
        Step more = Plans.write("r1", "write users.acl", List.of("+ user ***", ""), "user #1");
        Step joined = Plans.write("r1", "write users.acl+ user ***", List.of(), "user #1");
        return Stream.of(
                Arguments.of("uid", Plans.cluster("v", 3, 3), PLAN),
                Arguments.of("revision", Plans.cluster("u", 4, 3), PLAN),
                Arguments.of("never stood", Plans.cluster("u", 3, 0), PLAN),
                Arguments.of("title", CLUSTER, Plans.of(List.of(List.of(title), List.of(START)))),
                Arguments.of("diff", CLUSTER, Plans.of(List.of(List.of(diff), List.of(START)))),
                Arguments.of("a line more", CLUSTER, Plans.of(List.of(List.of(more), List.of(START)))),
                Arguments.of("words joined", CLUSTER, Plans.of(List.of(List.of(joined), List.of(START)))),
                Arguments.of("host", CLUSTER, Plans.of(List.of(List.of(WRITE), List.of(Plans.start("r3"))))),
                Arguments.of("a step less", CLUSTER, Plans.of(List.of(List.of(WRITE)))),
                Arguments.of("at once", CLUSTER, Plans.of(List.of(List.of(WRITE, START)))),
                Arguments.of("order", CLUSTER, Plans.of(List.of(List.of(START), List.of(WRITE)))),
                Arguments.of("open", CLUSTER, new Plan(PLAN.stages(), List.of(), List.of(), true)),
                Arguments.of("in the way", CLUSTER, obstructed("disk full: 9 KiB left")),
                Arguments.of("nothing", CLUSTER, Plans.of(List.of())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("others")
    void whatIsShownOrForWhomMakesItAnother(String what, ClusterState cluster, Plan plan) {
        assertThat(PlanId.of(cluster, plan)).as(what).matches("[0-9a-f]{16}").isNotEqualTo(PlanId.of(CLUSTER, PLAN));
    }

    @Test
    void thePasswordsInItAndWhatChangesByItselfDoNot() {
        Step otherPassword = Plans.write("r1", "write users.acl", List.of("+ user ***"), "user #2");
        Plan secret = Plans.of(List.of(List.of(otherPassword), List.of(START)));
        assertThat(PlanId.of(CLUSTER, secret)).isEqualTo(PlanId.of(CLUSTER, PLAN));

        Plan noted = new Plan(PLAN.stages(), List.of(), List.of("r3 was stopped"), false);
        assertThat(PlanId.of(CLUSTER, noted)).isEqualTo(PlanId.of(CLUSTER, PLAN));

        assertThat(PlanId.of(CLUSTER, obstructed("disk full: 9 KiB left")))
                .isEqualTo(PlanId.of(CLUSTER, obstructed("disk full: 7 KiB left")));
    }

    @Test
    void aClusterThatIsOnlyTriedOutHasTheSamePlanUnderAnyUid() {
        assertThat(PlanId.of(Plans.cluster("u", 1, 0), PLAN)).isEqualTo(PlanId.of(Plans.cluster("v", 1, 0), PLAN));
    }

    @Test
    void onlyAnotherPlanHasMovedAndBothAreNamed() {
        String id = PlanId.of(CLUSTER, PLAN);
        assertThat(PlanId.moved(id, CLUSTER, PLAN)).isEmpty();
        assertThat(PlanId.moved("", CLUSTER, PLAN)).isEmpty();
        assertThat(PlanId.moved("0123456789abcdef", CLUSTER, PLAN))
                .hasValueSatisfying(why -> assertThat(why).contains("0123456789abcdef", id, "plan again"));
        assertThat(PlanId.moved(id, CLUSTER, obstructed("disk full: 9 KiB left")))
                .hasValueSatisfying(why -> assertThat(why).contains("in the way: r1: /base: disk full: 9 KiB left"));
    }

    private static Plan obstructed(String reason) {
        return new Plan(List.of(), List.of(new Plan.Obstacle("r1", "/base", reason)), List.of(), false);
    }
}
