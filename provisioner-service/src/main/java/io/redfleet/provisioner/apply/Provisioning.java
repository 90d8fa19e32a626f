package io.redfleet.provisioner.apply;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Planner;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.survey.Surveyor;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Makes a spec true: survey, plan, apply, and again until a survey finds nothing left to do. That last survey is the
 * verification. An interrupted run needs nothing but to be begun again.
 */
public final class Provisioning {
    /** Bootstrap takes two, finding the master again three; more means that something undoes what we do. */
    private static final int MOST_ROUNDS = 5;

    private final Surveyor surveyor;
    private final PlanRun run;

    public Provisioning(Surveyor surveyor, PlanRun run) {
        this.surveyor = surveyor;
        this.run = run;
    }

    public Plan plan(ClusterState cluster) {
        return Planner.plan(cluster.spec(), cluster.uid(), surveyor.survey(cluster.spec()));
    }

    public Ending carryOut(ClusterState cluster, Journal journal, BooleanSupplier cancelled) {
        for (int round = 1; round <= MOST_ROUNDS; round++) {
            Plan plan = plan(cluster);
            if (!plan.obstacles().isEmpty()) {
                journal.planned(plan);
                return Ending.failed("preflight: " + text(plan.obstacles()));
            }
            if (plan.nothingToDo()) {
                if (round == 1) {
                    journal.planned(plan);
                }
                String notes = plan.notes().isEmpty() ? "" : " (" + String.join("; ", plan.notes()) + ")";
                return Ending.succeeded((round == 1 ? "nothing to change" : "as the spec wants it") + notes);
            }
            switch (run.run(plan, journal, cancelled)) {
                case PlanRun.Finished finished -> {}
                case PlanRun.Cancelled stop -> {
                    return Ending.cancelled();
                }
                case PlanRun.Stopped stopped -> {
                    return Ending.failed(stopped.reason());
                }
            }
        }
        String left = plan(cluster).steps().stream().map(Step::id).collect(Collectors.joining(", "));
        return Ending.failed("does not settle in " + MOST_ROUNDS + " rounds; left: " + left);
    }

    private static String text(List<Plan.Obstacle> obstacles) {
        return obstacles.stream().map(Plan.Obstacle::toString).collect(Collectors.joining("; "));
    }
}
