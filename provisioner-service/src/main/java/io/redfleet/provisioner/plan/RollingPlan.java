package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.gate.RollingGate;
import io.redfleet.provisioner.gate.SharedSentinel;
import io.redfleet.provisioner.gate.Verdict.Withheld;
import io.redfleet.provisioner.survey.ClusterSurvey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Restarts of what runs, one instance after the other.
 *
 * <p>Of the turns ({@code RollingTurns}) only the first is due; those after it are foreseen, and planned anew from a fresh survey
 * once it is over. So the gate ({@link RollingGate}) is asked before each, whatever was found right is not done again, and nobody
 * is promoted who has not everything (the script of the switch sees to that).
 *
 * <p>A Sentinel that other clusters need too is left as it is: it holds nobody else up, and would cost them a witness.
 */
public final class RollingPlan {
    private static final String SUBJECT = "rolling restart";

    private final ClusterState cluster;
    private final ClusterSpec spec;
    private final ClusterSurvey survey;
    private final Restarts restarts;
    private final RestartNeeds needs;
    /** What is restarted, and why; none for no reason but that it was asked for. */
    private final Map<InstanceId, List<RestartNeeds.Need>> restarted = new LinkedHashMap<>();

    private RollingPlan(ClusterState cluster, ClusterSurvey survey, Restarts restarts) {
        this.cluster = cluster;
        this.spec = cluster.spec();
        this.survey = survey;
        this.restarts = restarts;
        this.needs = new RestartNeeds(cluster, survey);
    }

    /** The plan with the restarts that were agreed to after all else, or with what would need them as refused. */
    static Plan after(Plan plan, ClusterState cluster, ClusterSurvey survey, Restarts restarts) {
        // Of a part of the plan that is not known yet nothing can be foreseen.
        return plan.open() ? plan : new RollingPlan(cluster, survey, restarts).after(plan);
    }

    /** Why a spec is not accepted whose restarts cannot be done; empty: it may be, or nobody has agreed to any. */
    public static Optional<String> forbidden(Plan plan, Restarts restarts) {
        return restarts instanceof Restarts.None
                ? Optional.empty()
                : plan.obstacles().stream()
                        .filter(obstacle -> obstacle.subject().equals(SUBJECT))
                        .map(obstacle -> "nothing is restarted, and the spec is not accepted: " + obstacle.reason())
                        .findFirst();
    }

    private Plan after(Plan plan) {
        List<Plan.Refused> refused = new ArrayList<>(plan.refused());
        List<String> notes = new ArrayList<>(plan.notes());
        for (Member member : spec.members()) {
            List<RestartNeeds.Need> found = needs.of(member, plan);
            Optional<String> kept = SharedSentinel.kept(cluster.everywhere(), survey, member.id())
                    .map(others -> others.reason() + ": it is not restarted");
            if (kept.isPresent()) {
                found.stream().map(need -> need.withheld(kept.get())).forEach(refused::add);
                if (restarts instanceof Restarts.All) {
                    notes.add(kept.get());
                }
                continue;
            }
            switch (restarts) {
                case Restarts.None none ->
                    found.stream().map(RestartNeeds.Need::refused).forEach(refused::add);
                case Restarts.Needed needed -> {
                    if (!found.isEmpty()) {
                        restarted.put(member.id(), found);
                    }
                }
                case Restarts.All all -> {
                    if (older(member, all.ago())) {
                        restarted.put(member.id(), List.of());
                    }
                }
            }
        }
        Optional<String> left = left(refused);
        left.ifPresent(notes::add);
        Optional<List<List<Step>>> returning =
                restarts.back(spec.redis()) ? Returning.before(cluster, survey, plan) : Optional.empty();
        if (returning.isPresent()) {
            // Nothing can be foreseen of who is down: the rest is planned once it is back.
            List<List<Step>> stages = returning.get();
            return new Plan(stages, plan.obstacles(), notes, false, refused, Starts.foreseen(stages));
        }
        // What could not last, or never be done, is not left to a person.
        Optional<Withheld> never = left.isPresent() ? fewer().or(this::keysBeyond) : Optional.empty();
        if (never.isPresent() && plan.obstacles().isEmpty()) {
            return obstructed(never.get(), notes, refused);
        }
        if (restarted.isEmpty() || !plan.obstacles().isEmpty()) {
            return new Plan(plan.stages(), plan.obstacles(), notes, false, refused, plan.foreseen());
        }
        // What is prepared, started or waited for first is not well yet: the gate is asked once it is.
        boolean well = plan.steps().stream()
                .noneMatch(step -> step.waits()
                        || step.action() instanceof Action.Start
                        || step.action() instanceof Action.Prepare);
        Optional<Withheld> no = well ? gate() : Optional.empty();
        return no.isPresent() ? obstructed(no.get(), notes, refused) : beside(plan, notes, refused);
    }

    private Plan obstructed(Withheld why, List<String> notes, List<Plan.Refused> refused) {
        Plan.Obstacle obstacle = new Plan.Obstacle(cluster.name().value(), SUBJECT, why.reason());
        return new Plan(List.of(), List.of(obstacle), notes, false, refused);
    }

    /**
     * Leaves out the master, where the restarts stop before it, and says so. Whatever differs of it is refused, as where nobody has
     * agreed to its restart.
     */
    private Optional<String> left(List<Plan.Refused> refused) {
        if (!restarts.untilMaster()) {
            return Optional.empty();
        }
        Optional<Endpoint> named = survey.namedMaster(spec);
        for (Member member : spec.members(InstanceRole.REDIS)) {
            List<RestartNeeds.Need> wanted = restarted.get(member.id());
            if (wanted != null && named.filter(member.announce()::equals).isPresent()) {
                restarted.remove(member.id());
                wanted.stream().map(RestartNeeds.Need::refused).forEach(refused::add);
                return Optional.of("stops before the master " + member.id()
                        + ": when another takes its place, and it is restarted, a person decides, by apply --rolling");
            }
        }
        return Optional.empty();
    }

    /** A replica with fewer databases than its master stops at the first write to one that it has not: no state to wait in. */
    private Optional<Withheld> fewer() {
        for (Member member : spec.members(InstanceRole.REDIS)) {
            String wanted = needs.settled(member).getOrDefault("databases", "");
            String has = survey.instance(member.id())
                    .map(seen -> seen.config().getOrDefault("databases", ""))
                    .orElse("");
            boolean numbers = wanted.matches("\\d{1,9}") && has.matches("\\d{1,9}");
            if (numbers && Integer.parseInt(wanted) < Integer.parseInt(has)) {
                String reason =
                        "spec.redis.config.databases is " + wanted + ", fewer than the " + has + " of " + member.id()
                                + ": replicas that have them could not follow a master that waits; leave out --until-master";
                return Optional.of(new Withheld("databases", reason));
            }
        }
        return Optional.empty();
    }

    private Plan beside(Plan plan, List<String> notes, List<Plan.Refused> refused) {
        List<List<List<Step>>> turns = new RollingTurns(cluster, survey, needs, restarted, restarts).turns();
        List<List<Step>> stages = new ArrayList<>(plan.stages());
        turns.forEach(stages::addAll);
        int due = !plan.stages().isEmpty() || turns.isEmpty()
                ? plan.due().size()
                : turns.getFirst().size();
        return new Plan(stages, List.of(), notes, false, refused, stages.size() - due);
    }

    /** Whether it runs, and did so already when it was asked for: it counts whole seconds, and may count one too many. */
    private boolean older(Member member, Duration ago) {
        return survey.instance(member.id())
                .filter(seen -> seen.answers())
                .map(RestartNeeds::lives)
                .filter(lives -> lives < 0 || lives > ago.toSeconds() + 1)
                .isPresent();
    }

    private Optional<Withheld> gate() {
        boolean moves = restarts.moves(spec.redis());
        boolean back = restarts.back(spec.redis());
        return keysBeyond()
                .or(() -> RollingGate.judge(cluster, survey, restarted.keySet(), moves, back, restarts.outage()));
    }

    /** With fewer databases no data set can be loaded, and no master followed, that has keys in one of those that go. */
    private Optional<Withheld> keysBeyond() {
        for (Member member : spec.members(InstanceRole.REDIS)) {
            String wanted = needs.settled(member).getOrDefault("databases", "");
            if (!(restarts instanceof Restarts.Needed) || !wanted.matches("\\d{1,9}")) {
                continue;
            }
            for (Member holder : spec.members(InstanceRole.REDIS)) {
                Optional<String> beyond = survey.instance(holder.id()).stream()
                        .flatMap(seen -> seen.info().keySet().stream())
                        .filter(field -> field.matches("db\\d{1,9}"))
                        .filter(field -> Integer.parseInt(field.substring(2)) >= Integer.parseInt(wanted))
                        .findFirst();
                if (beyond.isPresent()) {
                    String reason = "spec.redis.config.databases is " + wanted + ", and " + holder.id()
                            + " has keys in " + beyond.get() + ": they would be lost";
                    return Optional.of(new Withheld("databases", reason));
                }
            }
        }
        return Optional.empty();
    }
}
