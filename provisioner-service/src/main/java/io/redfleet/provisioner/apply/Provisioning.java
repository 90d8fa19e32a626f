package io.redfleet.provisioner.apply;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.operation.Verification;
import io.redfleet.provisioner.lease.Grant;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.PlanId;
import io.redfleet.provisioner.plan.Planner;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.plan.UnitPlan;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.Surveyor;
import io.redfleet.provisioner.verify.Judged;
import io.redfleet.provisioner.verify.Verifier;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Makes a spec true: survey, plan, apply, and again until a survey finds nothing left to do. Then, and also where nothing was to
 * be done, the cluster is verified: what makes it unsafe or untrue to its spec fails the operation, though it is left as it is. An
 * interrupted run needs nothing but to be begun again.
 */
public final class Provisioning {
    /** Bootstrap takes two, finding the master again three; more means that something undoes what we do. */
    private static final int MOST_ROUNDS = 5;

    private final Surveyor surveyor;
    private final PlanRun run;
    private final Leases leases;
    private final Verifier verifier;

    public Provisioning(Surveyor surveyor, PlanRun run, Leases leases) {
        this.surveyor = surveyor;
        this.run = run;
        this.leases = leases;
        this.verifier = new Verifier(surveyor);
    }

    /** Also of a cluster that has no passwords yet: only good to be shown. */
    public Plan plan(ClusterState cluster) {
        return Planner.plan(cluster, surveyor.survey(cluster));
    }

    /** What would be done, of a cluster that stands; without its own passwords that is nothing. */
    public Plan look(ClusterState cluster) {
        return plan(cluster, surveyor.survey(cluster));
    }

    /** Whether it is as its spec says; by a look of its own, which changes nothing. */
    public Verification verify(ClusterState cluster) {
        return verifier.look(cluster).report();
    }

    /** Whatever is to be done. */
    public Ending carryOut(ClusterState cluster, Journal journal, BooleanSupplier cancelled) {
        return carryOut(cluster, "", journal, cancelled);
    }

    /**
     * The first look needs no lease: where a host gives no answer, or nothing is to be done, nobody is disturbed. What it
     * finds in the way may be the half of another's work, so that is judged under the leases.
     *
     * @param wanted the id of the plan that the first round has to be; empty: whatever is to be done. Later rounds are what
     *     follows from it
     */
    public Ending carryOut(ClusterState cluster, String wanted, Journal journal, BooleanSupplier cancelled) {
        ClusterSurvey seen = surveyor.survey(cluster);
        Plan first = plan(cluster, seen);
        Optional<Ending> moved = moved(wanted, cluster, first, journal);
        if (moved.isPresent()) {
            return moved.get();
        }
        boolean silent = seen.unreached().keySet().stream().anyMatch(host -> !cluster.lost(host));
        if (silent || locked(seen) || first.nothingToDo()) {
            return untouched(cluster, seen, first, journal);
        }
        if (first.obstacles().stream().anyMatch(UnitPlan::forbidsLease)) {
            return untouched(cluster, seen, first, journal);
        }
        String found = first.obstacles().isEmpty() ? "" : "preflight: " + text(first.obstacles()) + "; ";
        Leases.Ask ask = leases.ask(cluster.spec(), cluster.ground(), journal, cancelled);
        return leases.during(ask, found, grant -> carryOut(cluster, wanted, journal, grant, cancelled));
    }

    private Ending carryOut(
            ClusterState cluster, String wanted, Journal journal, Grant grant, BooleanSupplier cancelled) {
        for (int round = 1; round <= MOST_ROUNDS; round++) {
            journal.standing().certain();
            ClusterSurvey seen = surveyor.survey(cluster);
            Plan plan = plan(cluster, seen);
            Optional<Ending> moved = round == 1 ? moved(wanted, cluster, plan, journal) : Optional.empty();
            if (moved.isPresent()) {
                return moved.get();
            }
            if (!plan.obstacles().isEmpty() || (plan.nothingToDo() && round == 1)) {
                return untouched(cluster, seen, plan, journal);
            }
            if (plan.nothingToDo()) {
                return verified(cluster, seen, journal, "as the spec wants it" + notes(plan));
            }
            switch (run.run(plan, journal, grant, cancelled)) {
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

    private static Optional<Ending> moved(String wanted, ClusterState cluster, Plan plan, Journal journal) {
        Optional<String> why = PlanId.moved(wanted, cluster, plan);
        why.ifPresent(reason -> journal.planned(Plan.NOTHING));
        return why.map(Ending::failed);
    }

    /** Without the cluster's own passwords no file of it may be written. */
    private static Plan plan(ClusterState cluster, ClusterSurvey survey) {
        return locked(survey) ? Plan.impossible("secrets", survey.accounts().trouble()) : Planner.plan(cluster, survey);
    }

    private static boolean locked(ClusterSurvey survey) {
        return !survey.accounts().trouble().isEmpty();
    }

    private Ending untouched(ClusterState cluster, ClusterSurvey seen, Plan plan, Journal journal) {
        journal.planned(plan);
        return plan.obstacles().isEmpty()
                ? verified(cluster, seen, journal, "nothing to change" + notes(plan))
                : Ending.failed("preflight: " + text(plan.obstacles()));
    }

    /** @param seen a survey that was just made, and that leaves nothing to do */
    private Ending verified(ClusterState cluster, ClusterSurvey seen, Journal journal, String done) {
        Judged judged = verifier.settle(cluster, seen, journal.standing()::certain);
        journal.verified(judged);
        return judged.holds()
                ? Ending.succeeded(done)
                : Ending.unverified("verification: " + judged.reason() + "; nothing is restarted for it");
    }

    private static String notes(Plan plan) {
        return plan.notes().isEmpty() ? "" : " (" + String.join("; ", plan.notes()) + ")";
    }

    private static String text(List<Plan.Obstacle> obstacles) {
        return obstacles.stream().map(Plan.Obstacle::toString).collect(Collectors.joining("; "));
    }
}
