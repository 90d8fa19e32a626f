package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.provisioner.plan.Plan.Obstacle;
import io.redfleet.provisioner.survey.ClusterSurvey;
import java.util.List;
import java.util.stream.Stream;

/** What is not as it should be on the hosts and is in nobody's way: warned of beside a plan, whose id it does not change. */
final class Doubts {
    private Doubts() {}

    /** The plan with what has to be said beside it. */
    static Plan beside(Plan plan, ClusterState cluster, ClusterSurvey survey) {
        Stream<String> doubts = Stream.of(
                        Capacity.warnings(cluster, survey),
                        Clocks.warnings(cluster, survey),
                        LaterMembers.warnings(cluster, survey))
                .flatMap(List::stream)
                .map(Obstacle::toString);
        Stream<String> others = Stream.of(
                        AccessPlan.strangers(cluster.spec(), survey),
                        FilePlan.dropIns(cluster, survey),
                        VendorUnits.warnings(cluster, survey),
                        WaysPlan.warnings(cluster, survey),
                        RpmNotes.all(cluster, survey))
                .flatMap(List::stream);
        List<String> warnings = Stream.concat(doubts, others).toList();
        return plan.beside(warnings, Namesakes.refused(cluster, survey));
    }
}
