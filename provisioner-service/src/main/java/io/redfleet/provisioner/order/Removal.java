package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.apply.Journal;
import io.redfleet.provisioner.apply.Leases;
import io.redfleet.provisioner.apply.PlanRun;
import io.redfleet.provisioner.lease.Grant;
import io.redfleet.provisioner.plan.Decommission;
import io.redfleet.provisioner.plan.Fate;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.Surveyor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    Ending carryOut(ClusterState standing, Fate fate, Journal journal, BooleanSupplier cancelled) {
        ClusterState cluster = standing.reunited();
        Plan first = plan(cluster, fate);
        if (!first.obstacles().isEmpty()) {
            return obstructed(first, journal);
        }
        Leases.Ask ask = leases.ask(cluster.spec(), cluster.spec().hosts(), journal, cancelled);
        return leases.during(ask, "", grant -> {
            Plan plan = plan(cluster, fate);
            return plan.obstacles().isEmpty()
                    ? carryOut(plan, done(cluster.spec(), fate), journal, grant, cancelled)
                    : obstructed(plan, journal);
        });
    }

    /**
     * Asks the hosts, and changes nothing. No id: a removal has no other word than the cluster's name.
     *
     * @param lost hosts that were named so for this
     */
    Map<String, Object> shown(ClusterState standing, Fate fate, List<String> lost) {
        ClusterState cluster = standing.reunited();
        ClusterSurvey survey = surveyor.survey(cluster);
        List<Plan.Obstacle> alive = alive(survey, lost);
        Plan plan = alive.isEmpty()
                ? Decommission.plan(cluster, survey, fate)
                : new Plan(List.of(), alive, List.of(), false);
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("cluster", standing.name().value());
        shown.putAll(plan.shown());
        return shown;
    }

    /** Why hosts that are called lost are not; empty: none of them gives an answer. */
    Optional<String> answering(ClusterState standing, List<String> lost) {
        return alive(surveyor.survey(standing.reunited()), lost).stream()
                .map(Plan.Obstacle::toString)
                .reduce((some, more) -> some + "; " + more);
    }

    private static List<Plan.Obstacle> alive(ClusterSurvey survey, List<String> lost) {
        return survey.hosts().keySet().stream()
                .map(HostName::value)
                .filter(lost::contains)
                .sorted()
                .map(host -> new Plan.Obstacle(
                        host, "lost", "the host answers, so it is not lost: delete without lost=" + host))
                .toList();
    }

    private Plan plan(ClusterState cluster, Fate fate) {
        return Decommission.plan(cluster, surveyor.survey(cluster), fate);
    }

    /** @param spec of the cluster that has ended; what was adopted is let go, whatever was asked */
    static Ending done(ClusterSpec spec, Fate fate) {
        if (spec.adopted()) {
            return Ending.succeeded("let go; everything runs on, and Redfleet's links and marks are gone");
        }
        return done(fate);
    }

    /** Of one that Redfleet has built. */
    static Ending done(Fate fate) {
        return Ending.succeeded(
                switch (fate) {
                    case KEPT -> "removed; directories and data are kept";
                    case ERASED -> "removed with its data";
                    case ARCHIVED -> "removed with its data; the steps that archived it say where it is kept";
                });
    }

    private static Ending obstructed(Plan plan, Journal journal) {
        journal.planned(plan);
        return Ending.failed("preflight: " + plan.obstacles());
    }

    private Ending carryOut(Plan plan, Ending done, Journal journal, Grant grant, BooleanSupplier cancelled) {
        return switch (run.run(plan, journal, grant, cancelled)) {
            case PlanRun.Finished finished -> done;
            case PlanRun.Cancelled stop -> Ending.cancelled();
            case PlanRun.Stopped stopped -> Ending.failed(stopped.reason());
        };
    }
}
