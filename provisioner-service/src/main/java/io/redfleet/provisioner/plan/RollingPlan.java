package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.gate.OwnerGate;
import io.redfleet.provisioner.gate.RollingGate;
import io.redfleet.provisioner.gate.SwitchGate;
import io.redfleet.provisioner.gate.Verdict.Withheld;
import io.redfleet.provisioner.recipe.RedisConf;
import io.redfleet.provisioner.survey.ClusterSurvey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Restarts of what runs, one instance after the other.
 *
 * <p>The order: the Sentinels; the replicas; a switch of the master, so that it is a replica; that one. A turn is one of these,
 * with all that is waited for afterwards. No turn begins in the plan of another: only the first is due, those after it are
 * foreseen, and planned anew from a fresh survey once it is over. So the gate ({@link RollingGate}) is asked before each, whatever
 * was found right is not done again, and nobody is promoted who has not everything (the script of the switch sees to that).
 */
public final class RollingPlan {
    private static final String SUBJECT = "rolling restart";
    /** The last save; {@code TimeoutStopSec} of a careful unit. */
    private static final Duration STOP = Duration.ofMinutes(5);
    /** Loading, or a full sync over a slow line, and the first append-only file after it. */
    private static final Duration LEVEL = Duration.ofMinutes(15);
    /** Sentinels tell each other every 2 s, ask for INFO every 10 s, and act on nothing for 30 s in tilt. */
    private static final Duration SETTLED = Duration.ofSeconds(90);

    private final ClusterState cluster;
    private final ClusterSpec spec;
    private final ClusterSurvey survey;
    private final Restarts restarts;
    private final StepMaker make;
    private final RestartNeeds needs;
    /** What is restarted, and why; none for no reason but that it was asked for. */
    private final Map<InstanceId, List<RestartNeeds.Need>> restarted = new LinkedHashMap<>();

    private int turn;

    private RollingPlan(ClusterState cluster, ClusterSurvey survey, Restarts restarts) {
        this.cluster = cluster;
        this.spec = cluster.spec();
        this.survey = survey;
        this.restarts = restarts;
        this.make = new StepMaker(spec, survey);
        this.needs = new RestartNeeds(cluster, survey, make);
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
        for (Member member : spec.members()) {
            List<RestartNeeds.Need> found = needs.of(member);
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
        if (restarted.isEmpty() || !plan.obstacles().isEmpty()) {
            return new Plan(plan.stages(), plan.obstacles(), plan.notes(), false, refused);
        }
        // What is started or waited for first is not well yet: the gate is asked once it is.
        boolean well = plan.steps().stream().noneMatch(step -> step.waits() || step.action() instanceof Action.Start);
        Optional<Withheld> no = well ? gate() : Optional.empty();
        if (no.isPresent()) {
            Plan.Obstacle obstacle =
                    new Plan.Obstacle(cluster.name().value(), SUBJECT, no.get().reason());
            return new Plan(List.of(), List.of(obstacle), plan.notes(), false, refused);
        }
        return beside(plan, refused);
    }

    private Plan beside(Plan plan, List<Plan.Refused> refused) {
        List<List<List<Step>>> turns = turns();
        List<List<Step>> stages = new ArrayList<>(plan.stages());
        turns.forEach(stages::addAll);
        int due = !plan.stages().isEmpty() || turns.isEmpty()
                ? plan.stages().size()
                : turns.getFirst().size();
        return new Plan(stages, List.of(), plan.notes(), false, refused, stages.size() - due);
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
        return keysBeyond().or(() -> RollingGate.judge(cluster, survey, restarted.keySet(), restarts.outage()));
    }

    /** With fewer databases no data set can be loaded, and no master followed, that has keys in one of those that go. */
    private Optional<Withheld> keysBeyond() {
        for (Member member : spec.members(InstanceRole.REDIS)) {
            String wanted = settings(member).getOrDefault("databases", "");
            if (!wanted.matches("\\d{1,9}")) {
                continue;
            }
            for (Member holder : spec.members(InstanceRole.REDIS)) {
                Optional<String> beyond = survey.instance(holder.id()).stream()
                        .flatMap(seen -> seen.info().keySet().stream())
                        .filter(field -> field.matches("db\\d{1,9}"))
                        .filter(field -> Integer.parseInt(field.substring(2)) >= Integer.parseInt(wanted))
                        .findFirst();
                if (beyond.isPresent()) {
                    String reason = "spec.redis.config.databases is " + wanted + ", and " + holder.id() + " has keys in "
                            + beyond.get() + ": they would be lost";
                    return Optional.of(new Withheld("databases", reason));
                }
            }
        }
        return Optional.empty();
    }

    private Map<String, String> settings(Member member) {
        return restarts instanceof Restarts.Needed ? needs.settled(member) : Map.of();
    }

    private List<List<List<Step>>> turns() {
        List<List<List<Step>>> turns = new ArrayList<>();
        for (Member sentinel : spec.members(InstanceRole.SENTINEL)) {
            if (restarted.containsKey(sentinel.id())) {
                turns.add(sentinel(sentinel));
            }
        }
        Optional<Endpoint> named = survey.namedMaster(spec);
        List<Member> masters = new ArrayList<>();
        for (Member member : spec.members(InstanceRole.REDIS)) {
            if (named.filter(member.announce()::equals).isPresent()) {
                masters.add(member);
            } else if (restarted.containsKey(member.id())) {
                turns.add(replica(member, named));
            }
        }
        for (Member master : masters) {
            if (restarted.containsKey(master.id())) {
                master(turns, master);
            }
        }
        return turns;
    }

    private void master(List<List<List<Step>>> turns, Member master) {
        if (SwitchGate.judge(cluster, survey, null) instanceof SwitchGate.Go go) {
            turns.add(switched(go));
            // Whom it will follow is not known yet; Sentinel writes that into its file.
            turns.add(replica(master, Optional.empty()));
        } else {
            turns.add(inItsPlace(master));
        }
    }

    private List<List<Step>> sentinel(Member member) {
        turn++;
        List<List<Step>> stages = new ArrayList<>();
        stages.add(List.of(stop(member)));
        relinked(member).ifPresent(step -> stages.add(List.of(step)));
        stages.add(List.of(make.start(member)));
        String title = "wait until " + member.id() + " knows all others and finds its quorum";
        stages.add(List.of(await(member, "joined", title, Action.Until.QUORUM, SETTLED)));
        stages.add(settled());
        return stages;
    }

    /** @param master whom it follows; empty: as its file says */
    private List<List<Step>> replica(Member member, Optional<Endpoint> master) {
        turn++;
        List<List<Step>> stages = down(member);
        master.ifPresent(endpoint -> stages.add(List.of(make.follow(member, Optional.of(endpoint)))));
        stages.add(List.of(make.start(member)));
        stages.add(List.of(level(member)));
        stages.add(settled());
        return stages;
    }

    private List<List<Step>> inItsPlace(Member master) {
        turn++;
        List<List<Step>> stages = down(master);
        stages.add(List.of(make.follow(master, Optional.empty())));
        stages.add(List.of(make.start(master)));
        stages.add(List.of(make.ready(master)));
        stages.add(settled());
        return stages;
    }

    private List<List<Step>> switched(SwitchGate.Go go) {
        turn++;
        List<List<Step>> stages = new ArrayList<>();
        Plan plan = SwitchPlan.plan(spec, survey, go.old(), go.to(), go.candidates());
        stages.add(plan.stages().getFirst());
        // The Sentinels first: as long as they work on it a replica may follow the old master still.
        stages.add(settled());
        stages.add(spec.members(InstanceRole.REDIS).stream().map(this::level).toList());
        return stages;
    }

    /** Until it is down, with all that its next start reads. A save of its own is waited for before. */
    private List<List<Step>> down(Member member) {
        List<List<Step>> stages = new ArrayList<>();
        String title = "wait until " + member.id() + " neither loads nor saves";
        stages.add(List.of(await(member, "idle", title, Action.Until.LEVEL, LEVEL)));
        stages.add(List.of(stop(member)));
        relinked(member).ifPresent(step -> stages.add(List.of(step)));
        Map<String, String> settings = settings(member);
        if (!settings.isEmpty()) {
            stages.add(List.of(configure(member, settings)));
        }
        return stages;
    }

    private Step stop(Member member) {
        Step stop = make.stop(member, false, false, STOP);
        List<String> diff = restarted.getOrDefault(member.id(), List.of()).stream()
                .flatMap(need -> need.diff().stream())
                .toList();
        return new Step(stop.id(), stop.title(), diff, stop.action());
    }

    private Optional<Step> relinked(Member member) {
        return restarts instanceof Restarts.Needed && needs.ofBinary(member)
                ? Optional.of(make.prepare(member, OwnerGate.mark(spec, cluster.uid(), member.id())))
                : Optional.empty();
    }

    private Step configure(Member member, Map<String, String> settings) {
        Map<String, String> lines = new TreeMap<>(settings);
        lines.replaceAll(RedisConf::line);
        List<String> diff = lines.values().stream().map(line -> "+ " + line).toList();
        String path = make.directory(member) + "/redis.conf";
        Action action = new Action.Configure(make.place(member), make.directory(member), lines);
        return new Step(member.id() + "/configure", "set " + lines.keySet() + " in " + path, diff, action);
    }

    private Step level(Member member) {
        return await(member, "level", "wait until " + member.id() + " is level with its master", Action.Until.LEVEL, LEVEL);
    }

    private List<Step> settled() {
        return spec.members(InstanceRole.SENTINEL).stream()
                .map(member -> await(
                        member,
                        "settled",
                        "wait until " + member.id() + " finds nothing wrong with any other",
                        Action.Until.SETTLED,
                        SETTLED))
                .toList();
    }

    /** Its id has the number of the turn: the same is waited for after each. */
    private Step await(Member member, String what, String title, Action.Until until, Duration patience) {
        Action action = new Action.Await(
                make.place(member),
                until,
                spec.sentinel().masterName(),
                spec.members(InstanceRole.REDIS).size() - 1,
                spec.members(InstanceRole.SENTINEL).size(),
                patience);
        return new Step(member.id() + "/" + what + "-" + turn, title, List.of(), action);
    }
}
