package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.apply.Journal;
import io.redfleet.provisioner.apply.Leases;
import io.redfleet.provisioner.apply.PlanRun;
import io.redfleet.provisioner.lease.Grant;
import io.redfleet.provisioner.plan.Decommission;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.survey.Surveyor;
import java.util.function.BooleanSupplier;

/** Ends a cluster on its hosts. Begun again after an interruption it does what is left. */
final class Removal {
    private final Surveyor surveyor;
    private final PlanRun run;
    private final Leases leases;

    Removal(Surveyor surveyor, PlanRun run, Leases leases) {
        this.surveyor = surveyor;
        this.run = run;
        this.leases = leases;
    }

    /** Those that were about to leave it end with it. */
    Ending carryOut(ClusterState standing, boolean keepData, Journal journal, BooleanSupplier cancelled) {
        ClusterState cluster = standing.reunited();
        Plan first = plan(cluster, keepData);
        if (!first.obstacles().isEmpty()) {
            return obstructed(first, journal);
        }
        Leases.Ask ask = leases.ask(cluster.spec(), cluster.spec().hosts(), journal, cancelled);
        return leases.during(ask, "", grant -> {
            Plan plan = plan(cluster, keepData);
            return plan.obstacles().isEmpty()
                    ? carryOut(plan, keepData, journal, grant, cancelled)
                    : obstructed(plan, journal);
        });
    }

    private Plan plan(ClusterState cluster, boolean keepData) {
        return Decommission.plan(cluster, surveyor.survey(cluster), keepData);
    }

    static Ending done(boolean keepData) {
        return Ending.succeeded(keepData ? "removed; directories and data are kept" : "removed with its data");
    }

    private static Ending obstructed(Plan plan, Journal journal) {
        journal.planned(plan);
        return Ending.failed("preflight: " + plan.obstacles());
    }

    private Ending carryOut(Plan plan, boolean keepData, Journal journal, Grant grant, BooleanSupplier cancelled) {
        return switch (run.run(plan, journal, grant, cancelled)) {
            case PlanRun.Finished finished -> done(keepData);
            case PlanRun.Cancelled stop -> Ending.cancelled();
            case PlanRun.Stopped stopped -> Ending.failed(stopped.reason());
        };
    }
}
