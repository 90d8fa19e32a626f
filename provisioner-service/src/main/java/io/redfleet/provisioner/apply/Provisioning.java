package io.redfleet.provisioner.apply;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.operation.Verification;
import io.redfleet.provisioner.gate.RollingGate;
import io.redfleet.provisioner.gate.SharedSentinel;
import io.redfleet.provisioner.gate.Verdict;
import io.redfleet.provisioner.lease.Grant;
import io.redfleet.provisioner.plan.BuildPlan;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.PlanId;
import io.redfleet.provisioner.plan.Planner;
import io.redfleet.provisioner.plan.Restarts;
import io.redfleet.provisioner.plan.RollPlan;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.plan.UnitPlan;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.Sight;
import io.redfleet.provisioner.survey.Surveyor;
import io.redfleet.provisioner.survey.WaysHeard;
import io.redfleet.provisioner.verify.Judged;
import io.redfleet.provisioner.verify.Verifier;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Makes a spec true: survey, plan, apply, and again until a survey finds nothing left to do. Then, and also where nothing was to
 * be done, the cluster is verified: what makes it unsafe or untrue to its spec fails the operation, though it is left as it is. An
 * interrupted run needs nothing but to be begun again.
 */
public final class Provisioning {
    /**
     * Bootstrap takes two; finding the master again, starting it and then its replicas four; a failover meanwhile one or two.
     * More means that something undoes what we do.
     */
    private static final int MOST_ROUNDS = 8;

    /** Here it would keep the hosts leased for minutes, and nobody could cancel it. */
    private static final String BUILD_FIRST =
            "build/compile has to come first, and is done under no lease: apply again";

    private static final String AS_WANTED = "as the spec wants it";
    private static final String UP_TO_MASTER = "up to the master as the spec wants it";
    private static final String ROLLED = "every instance was started since this was asked for";
    private static final String ROLLED_BUT_SHARED = ROLLED + ", but for Sentinels that other clusters need too";

    private final Surveyor surveyor;
    private final PlanRun run;
    private final Leases leases;
    private final Verifier verifier;
    private final Sights sights;

    public Provisioning(Surveyor surveyor, PlanRun run, Leases leases) {
        this.surveyor = surveyor;
        this.run = run;
        this.leases = leases;
        this.verifier = new Verifier(surveyor);
        this.sights = new Sights(surveyor, verifier);
    }

    /** Also of a cluster that has no passwords yet: only good to be shown. */
    public Plan plan(ClusterState cluster) {
        return plan(cluster, Restarts.none());
    }

    /** As {@link #plan(ClusterState)}, with the restarts that were agreed to. */
    public Plan plan(ClusterState cluster, Restarts restarts) {
        Plan plan = Planner.plan(cluster, surveyor.surveyToBring(cluster), restarts);
        return plan.warning(surveyor.learnt(cluster.spec()));
    }

    /** What would be done, of a cluster that stands; without its own passwords that is nothing. */
    public Plan look(ClusterState cluster) {
        ClusterSurvey survey = surveyor.surveyToPlan(cluster);
        return locked(survey) ? closed(survey) : Planner.plan(cluster, survey);
    }

    /** Whether it is as its spec says; by a look of its own, which changes nothing. */
    public Verification verify(ClusterState cluster) {
        return verifier.look(cluster).report();
    }

    /** Whatever is to be done, and nothing that runs is restarted for it. */
    public Ending carryOut(ClusterState cluster, Journal journal, BooleanSupplier cancelled) {
        return carryOut(cluster, "", journal, cancelled);
    }

    /** @param wanted as below */
    public Ending carryOut(ClusterState cluster, String wanted, Journal journal, BooleanSupplier cancelled) {
        return carryOut(cluster, wanted, Restarts.none(), journal, cancelled);
    }

    /**
     * @param wanted the id of the plan that the first round has to be; empty: whatever is to be done. Later rounds are what
     *     follows from it
     */
    public Ending carryOut(
            ClusterState cluster, String wanted, Restarts restarts, Journal journal, BooleanSupplier cancelled) {
        boolean agreed = !(restarts instanceof Restarts.None);
        int most = agreed ? most(cluster) : MOST_ROUNDS;
        Function<ClusterSurvey, Plan> planning = seen -> Planner.plan(cluster, seen, restarts);
        String done = restarts.untilMaster() ? UP_TO_MASTER : AS_WANTED;
        return carryOut(new Work(cluster, wanted, planning, most, agreed, done, journal, cancelled));
    }

    /**
     * Restarts every instance once that was started before the operation was accepted, and changes nothing else.
     *
     * @param outage as {@link Restarts} has it
     */
    public Ending roll(ClusterState cluster, String outage, Journal journal, BooleanSupplier cancelled) {
        Instant asked = journal.state().acceptedAt();
        Function<ClusterSurvey, Plan> planning =
                seen -> RollPlan.plan(cluster, seen, new Restarts.All(Duration.between(asked, surveyor.now()), outage));
        String done = cluster.spec().sentinel().group() == null ? ROLLED : ROLLED_BUT_SHARED;
        return carryOut(new Work(cluster, "", planning, most(cluster), false, done, journal, cancelled));
    }

    /** What a roll would be refused for now; empty: it may begin. Every instance but those that others need counts as restarted. */
    public Optional<String> whyNoRoll(ClusterState cluster, String outage) {
        ClusterSurvey survey = surveyor.survey(cluster);
        if (locked(survey)) {
            return Optional.of(survey.accounts().trouble());
        }
        List<InstanceId> all = SharedSentinel.unneeded(cluster, survey);
        Restarts.All every = new Restarts.All(Duration.ZERO, outage);
        boolean moves = every.moves(cluster.spec().redis());
        return RollingGate.judge(cluster, RollPlan.foreseen(cluster, survey), all, moves, outage)
                .map(Verdict.Withheld::reason)
                .or(() -> RollPlan.plan(cluster, survey, every).obstacles().stream()
                        .findFirst()
                        .map(Plan.Obstacle::toString));
    }

    /** A turn for each, one for the switch; and again as much, should the Sentinels switch meanwhile. */
    private static int most(ClusterState cluster) {
        return MOST_ROUNDS + 2 * (cluster.spec().members().size() + 1);
    }

    /**
     * The first look needs no lease: where a host gives no answer, or nothing is to be done, nobody is disturbed. What it
     * finds in the way may be the half of another's work, so that is judged under the leases.
     */
    private Ending carryOut(Work work) {
        ClusterState cluster = work.cluster();
        Sight sight = sights.before(cluster);
        ClusterSurvey seen = sight.survey();
        Plan first = work.plan(seen);
        Optional<Ending> moved = moved(work, first);
        if (moved.isPresent()) {
            return moved.get();
        }
        Optional<Step> building = silent(cluster, seen) ? Optional.empty() : BuildPlan.due(first);
        if (building.isPresent()) {
            Optional<Ending> over = built(work, first, building.get());
            if (over.isPresent()) {
                return over.get();
            }
            sight = sights.before(cluster);
            seen = sight.survey();
            first = work.plan(seen);
        }
        if (silent(cluster, seen) || locked(seen) || first.nothingToDo()) {
            return untouched(work, sight, first);
        }
        if (first.obstacles().stream().anyMatch(UnitPlan::forbidsLease)) {
            return untouched(work, sight, first);
        }
        String found = first.obstacles().isEmpty() ? "" : "preflight: " + text(first.obstacles()) + "; ";
        Leases.Ask ask = leases.ask(cluster.spec(), cluster.ground(), work.journal(), work.cancelled());
        Sight before = sight;
        Plan planned = first;
        return leases.during(ask, found, grant -> carryOut(work, grant, sights.ways(before, planned)));
    }

    /** Before any host is leased, for a compiler takes minutes. Empty: the archive is there, and the rest is planned anew. */
    private Optional<Ending> built(Work work, Plan plan, Step step) {
        return switch (run.build(plan, step, work.journal(), work.cancelled())) {
            case PlanRun.Finished finished -> Optional.empty();
            case PlanRun.Cancelled stop -> Optional.of(Ending.cancelled());
            case PlanRun.Stopped stopped -> Optional.of(Ending.failed(stopped.reason()));
        };
    }

    /** Whether a host that counts gave no answer. */
    private static boolean silent(ClusterState cluster, ClusterSurvey seen) {
        return seen.unreached().keySet().stream().anyMatch(host -> !cluster.lost(host));
    }

    /** @param ways that were heard of before the leases, and still count */
    private Ending carryOut(Work work, Grant grant, Map<HostName, WaysHeard> ways) {
        Restarted restarted = new Restarted();
        for (int round = 1; round <= work.most(); round++) {
            work.journal().standing().certain();
            // Where every turn of a restart is a round, few of them are the last.
            boolean last = round > 1 && work.most() == MOST_ROUNDS;
            Sight sight = sights.under(work.cluster(), last, round == 1 ? ways : Map.of());
            ClusterSurvey seen = sight.survey();
            Plan plan = work.plan(seen);
            Optional<Ending> moved = round == 1 ? moved(work, plan) : Optional.empty();
            if (moved.isPresent()) {
                return moved.get();
            }
            if (!plan.obstacles().isEmpty()) {
                work.journal().planned(plan);
                return Ending.failed("preflight: " + text(plan.obstacles()) + restarted.before());
            }
            if (BuildPlan.due(plan).isPresent()) {
                work.journal().planned(Plan.NOTHING);
                return Ending.failed(BUILD_FIRST + restarted.before());
            }
            if (plan.nothingToDo()) {
                return round == 1
                        ? untouched(work, sight, plan)
                        : verified(work, sight, work.done() + restarted.told() + notes(plan), true);
            }
            Optional<String> again = restarted.again(plan);
            if (again.isPresent()) {
                work.journal().planned(Plan.NOTHING);
                return Ending.failed(again.get() + restarted.before());
            }
            // A turn that has begun comes to its end: cancelled in its middle it would leave an instance down.
            boolean turn = Restarted.isTurn(plan);
            if (turn && work.cancelled().getAsBoolean()) {
                return Ending.cancelled();
            }
            BooleanSupplier cancelled = turn ? () -> false : work.cancelled();
            switch (run.run(plan, work.journal(), grant, cancelled)) {
                case PlanRun.Finished finished -> restarted.add(plan);
                case PlanRun.Cancelled stop -> {
                    return Ending.cancelled();
                }
                // Sentinel has decided otherwise meanwhile: what is to be done now the next look tells.
                case PlanRun.Stopped stopped when stopped.overtaken() -> {}
                case PlanRun.Stopped stopped -> {
                    String left = work.agreed() ? Restarted.left(look(work.cluster())) : "";
                    return Ending.failed(stopped.reason() + restarted.before() + left);
                }
            }
        }
        String left = work.plan(surveyor.surveyToPlan(work.cluster())).steps().stream()
                .map(Step::id)
                .collect(Collectors.joining(", "));
        return Ending.failed("does not settle in " + work.most() + " rounds; left: " + left);
    }

    private static Optional<Ending> moved(Work work, Plan plan) {
        Optional<String> why = PlanId.moved(work.wanted(), work.cluster(), plan);
        why.ifPresent(reason -> work.journal().planned(Plan.NOTHING));
        return why.map(Ending::failed);
    }

    static Plan closed(ClusterSurvey survey) {
        return Plan.impossible("secrets", survey.accounts().trouble());
    }

    static boolean locked(ClusterSurvey survey) {
        return !survey.accounts().trouble().isEmpty();
    }

    private Ending untouched(Work work, Sight seen, Plan plan) {
        work.journal().planned(plan);
        return plan.obstacles().isEmpty()
                ? verified(work, seen, "nothing to change" + notes(plan), false)
                : Ending.failed("preflight: " + text(plan.obstacles()));
    }

    /** @param seen a survey that was just made, and that leaves nothing to do */
    private Ending verified(Work work, Sight seen, String done, boolean changed) {
        Judged judged =
                verifier.settle(work.cluster(), seen, changed, work.journal().standing()::certain);
        work.journal().verified(judged);
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
