package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.apply.Journal;
import io.redfleet.provisioner.apply.PlanRun;
import io.redfleet.provisioner.plan.Decommission;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.survey.Surveyor;
import java.util.function.BooleanSupplier;

/** Ends a cluster on its hosts. Begun again after an interruption it does what is left. */
final class Removal {
    private final Surveyor surveyor;
    private final PlanRun run;

    Removal(Surveyor surveyor, PlanRun run) {
        this.surveyor = surveyor;
        this.run = run;
    }

    Ending carryOut(ClusterState cluster, boolean keepData, Journal journal, BooleanSupplier cancelled) {
        Plan plan = Decommission.plan(cluster.spec(), cluster.uid(), surveyor.survey(cluster.spec()), keepData);
        if (!plan.obstacles().isEmpty()) {
            journal.planned(plan);
            return Ending.failed("preflight: " + plan.obstacles());
        }
        return switch (run.run(plan, journal, cancelled)) {
            case PlanRun.Finished finished ->
                Ending.succeeded(keepData ? "removed; directories and data are kept" : "removed with its data");
            case PlanRun.Cancelled stop -> Ending.cancelled();
            case PlanRun.Stopped stopped -> Ending.failed(stopped.reason());
        };
    }
}
