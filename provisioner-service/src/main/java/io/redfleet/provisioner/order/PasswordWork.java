package io.redfleet.provisioner.order;

import io.redfleet.contracts.access.NextSecret.Stage;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.apply.Journal;
import io.redfleet.provisioner.apply.Leases;
import io.redfleet.provisioner.apply.PlanRun;
import io.redfleet.provisioner.lease.Grant;
import io.redfleet.provisioner.plan.PasswordPlan;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.Surveyor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Another password on all instances of a cluster, or the end of the one of before. Safe to do again at every cut: what an instance
 * takes already is left as it is. The record is written by who accepts the order and by {@link Phases}, never here.
 */
final class PasswordWork {
    private final Surveyor surveyor;
    private final PlanRun run;
    private final Leases leases;

    PasswordWork(Surveyor surveyor, PlanRun run, Leases leases) {
        this.surveyor = surveyor;
        this.run = run;
        this.leases = leases;
    }

    /**
     * Why it is not begun now; empty: it may be. Asks the hosts.
     *
     * @param fresh whether there is to be a new password: the users, too, have to be as they should be then. What is under way
     *     goes on in any case, for an apply mends them with both passwords
     */
    Optional<String> refusal(ClusterState cluster, boolean fresh) {
        ClusterSurvey seen = fresh ? surveyor.surveyToPlan(cluster) : surveyor.survey(cluster);
        List<Plan.Obstacle> obstacles = new ArrayList<>(PasswordPlan.obstacles(cluster, seen));
        if (fresh) {
            obstacles.addAll(PasswordPlan.drifted(cluster, seen));
        }
        return refusal(obstacles);
    }

    private static Optional<String> refusal(List<Plan.Obstacle> obstacles) {
        return obstacles.isEmpty()
                ? Optional.empty()
                : Optional.of("no password is changed: "
                        + obstacles.stream().map(Plan.Obstacle::toString).collect(Collectors.joining("; ")));
    }

    Ending carryOut(ClusterState cluster, Task.Rotate task, Journal journal, BooleanSupplier cancelled) {
        ClusterSurvey seen = surveyor.survey(cluster);
        Optional<Ending> early = early(cluster, task, seen, journal);
        if (early.isPresent()) {
            return early.get();
        }
        Leases.Ask ask = leases.ask(cluster.spec(), cluster.spec().hosts(), journal, cancelled);
        return leases.during(ask, "", grant -> underLease(cluster, task, journal, grant, cancelled));
    }

    private Ending underLease(
            ClusterState cluster, Task.Rotate task, Journal journal, Grant grant, BooleanSupplier cancelled) {
        boolean adding = task.stage() == Stage.ADDING;
        ClusterSurvey seen = adding ? surveyor.surveyToPlan(cluster) : surveyor.survey(cluster);
        Optional<Ending> early = early(cluster, task, seen, journal);
        if (early.isPresent()) {
            return early.get();
        }
        Optional<String> drifted = adding ? refusal(PasswordPlan.drifted(cluster, seen)) : Optional.empty();
        if (drifted.isPresent()) {
            journal.planned(Plan.NOTHING);
            return Ending.failed(drifted.get() + "; " + again(task));
        }
        Plan plan = PasswordPlan.plan(cluster, seen, task.purpose(), task.stage());
        return switch (run.run(plan, journal, grant, cancelled)) {
            case PlanRun.Finished finished -> Ending.succeeded(done(task));
            case PlanRun.Cancelled stop -> Ending.cancelled();
            case PlanRun.Stopped stopped -> Ending.failed(stopped.reason() + "; " + again(task));
        };
    }

    /** How it ends without a step; empty: there is something to do. */
    private static Optional<Ending> early(ClusterState cluster, Task.Rotate task, ClusterSurvey seen, Journal journal) {
        boolean due = seen.accounts()
                .second(task.purpose())
                .map(Accounts.Second::stage)
                .filter(stage -> stage == task.stage())
                .isPresent();
        if (!due && seen.accounts().trouble().isEmpty()) {
            // Whoever was cut off between the record and the operation's end leaves nothing to do.
            journal.planned(Plan.NOTHING);
            return Optional.of(Ending.succeeded(done(task)));
        }
        Optional<String> refusal = refusal(PasswordPlan.obstacles(cluster, seen));
        refusal.ifPresent(reason -> journal.planned(Plan.NOTHING));
        return refusal.map(reason -> Ending.failed(reason + "; " + again(task)));
    }

    private static String done(Task.Rotate task) {
        String user = task.purpose().word();
        return task.stage() == Stage.ADDING
                ? "every instance takes both passwords of " + user
                        + ": give the new one to whoever of yours logs in (secret"
                        + " reveal), then finish (secret rotate --finish)"
                : "no instance takes the old password of " + user + " any more; whoever is logged in by it stays so";
    }

    private static String again(Task.Rotate task) {
        return task.stage() == Stage.ADDING
                ? "the old password is good everywhere; the same order goes on"
                : "the new password is good everywhere; the same order goes on";
    }
}
