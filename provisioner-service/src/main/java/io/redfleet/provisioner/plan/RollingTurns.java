package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.gate.OwnerGate;
import io.redfleet.provisioner.gate.SwitchGate;
import io.redfleet.provisioner.packages.Release;
import io.redfleet.provisioner.recipe.RedisConf;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The turns of restarts one after the other: the Sentinels; the replicas; a switch of the master, so that it is a replica; that
 * one. A turn is one of these, with all that is waited for before another one may go down.
 */
final class RollingTurns {
    /** The last save; {@link StepMaker#stop} waits longer for one that took long before. */
    private static final Duration STOP = Duration.ofMinutes(5);
    /** Loading, or a full sync over a slow line, and the first append-only file after it. */
    private static final Duration LEVEL = Duration.ofMinutes(15);
    /** Sentinels tell each other every 2 s, ask for INFO every 10 s, and act on nothing for 30 s in tilt. */
    private static final Duration SETTLED = Duration.ofSeconds(90);
    /** For what was true a moment ago. */
    private static final Duration STILL = Duration.ofSeconds(20);

    private static final List<String> BUSY =
            List.of("rdb_bgsave_in_progress", "aof_rewrite_in_progress", "aof_rewrite_scheduled");

    private final ClusterState cluster;
    private final ClusterSpec spec;
    private final ClusterSurvey survey;
    private final StepMaker make;
    private final RestartNeeds needs;
    private final Map<InstanceId, List<RestartNeeds.Need>> restarted;
    private final boolean changes;
    private int turn;

    /**
     * @param restarted who, and for what
     * @param changes whether what is down is made to be as it is wanted
     */
    RollingTurns(
            ClusterState cluster,
            ClusterSurvey survey,
            RestartNeeds needs,
            Map<InstanceId, List<RestartNeeds.Need>> restarted,
            boolean changes) {
        this.cluster = cluster;
        this.spec = cluster.spec();
        this.survey = survey;
        this.make = new StepMaker(spec, survey);
        this.needs = needs;
        this.restarted = restarted;
        this.changes = changes;
    }

    /** In order; the first is what may be done now. */
    List<List<List<Step>>> turns() {
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
                boolean outrun = named.flatMap(this::at)
                        .filter(master -> Release.older(runs(member), runs(master)))
                        .isPresent();
                if (!outrun) {
                    rested(turns, member);
                }
                turns.add(replica(member, named, outrun));
            }
        }
        for (Member master : masters) {
            if (restarted.containsKey(master.id())) {
                master(turns, master);
            }
        }
        return turns.stream()
                .map(one -> one.stream().filter(stage -> !stage.isEmpty()).toList())
                .toList();
    }

    private void master(List<List<List<Step>>> turns, Member master) {
        if (SwitchGate.judge(cluster, survey, null) instanceof SwitchGate.Go go) {
            boolean outrun = outrun(go.old(), go.candidates());
            turns.add(switched(go, outrun));
            // Whom it will follow is not known yet; Sentinel writes that into its file.
            turns.add(replica(master, Optional.empty(), outrun));
        } else {
            rested(turns, master);
            turns.add(inItsPlace(master));
        }
    }

    /** A turn of its own for one that saves: that may take long, and meanwhile another may go down. */
    private void rested(List<List<List<Step>>> turns, Member member) {
        boolean busy = survey.instance(member.id())
                .map(seen -> seen.saving()
                        || BUSY.stream().anyMatch(field -> seen.info(field).equals("1")))
                .orElse(false);
        if (busy) {
            turn++;
            turns.add(List.of(List.of(idle(member))));
        }
    }

    private List<List<Step>> sentinel(Member member) {
        turn++;
        List<List<Step>> stages = relinked(member);
        stages.add(List.of(stop(member)));
        stages.add(List.of(make.start(member)));
        String title = "wait until " + member.id() + " knows all others and finds its quorum";
        stages.add(List.of(await(member, "joined", title, Action.Until.QUORUM, SETTLED)));
        stages.add(settled());
        return stages;
    }

    /**
     * @param master whom it follows; empty: as its file says
     * @param outrun whether it cannot be in sync before it is restarted
     */
    private List<List<Step>> replica(Member member, Optional<Endpoint> master, boolean outrun) {
        turn++;
        List<List<Step>> stages = relinked(member);
        // Who has been promoted since it was looked at is not stopped.
        String title = "see that " + member.id() + " is a replica";
        stages.add(List.of(
                outrun
                        ? await(member, "replica", title, Action.Until.REPLICA, STILL)
                        : await(member, "linked", title + " in sync with its master", Action.Until.LINKED, STILL)));
        stages.addAll(down(member));
        master.ifPresent(endpoint -> stages.add(List.of(make.follow(member, Optional.of(endpoint)))));
        stages.add(List.of(make.start(member)));
        stages.add(List.of(level(member)));
        stages.add(settled());
        return stages;
    }

    private List<List<Step>> inItsPlace(Member master) {
        turn++;
        List<List<Step>> stages = relinked(master);
        stages.addAll(down(master));
        stages.add(List.of(make.follow(master, Optional.empty())));
        stages.add(List.of(make.start(master)));
        stages.add(List.of(make.ready(master)));
        stages.add(settled());
        return stages;
    }

    /** @param outrun whether the old master cannot load what the new one sends */
    private List<List<Step>> switched(SwitchGate.Go go, boolean outrun) {
        turn++;
        List<List<Step>> stages = new ArrayList<>();
        Plan plan = SwitchPlan.plan(spec, survey, go.old(), go.to(), go.candidates());
        stages.add(plan.stages().getFirst());
        // The Sentinels first: as long as they work on it a replica may follow the old master still.
        stages.add(settled());
        stages.add(spec.members(InstanceRole.REDIS).stream()
                .filter(member -> !(outrun && member.equals(go.old())))
                .map(this::idle)
                .toList());
        return stages;
    }

    /**
     * Whether each of these runs a newer Redis than the master does, or will once its own turn is over. A snapshot of theirs it
     * does not load, so without a partial sync it follows none of them before it is restarted.
     */
    private boolean outrun(Member master, List<Member> successors) {
        String runs = runs(master);
        return successors.stream().allMatch(next -> Release.older(runs, comesBackAs(next)));
    }

    /** What it runs once its turn is over; what it runs now, if it has none, or comes back by the links that it has. */
    private String comesBackAs(Member member) {
        boolean other =
                restarted.containsKey(member.id()) && (changes || !spec.redis().archived());
        return other ? installed(member) : runs(member);
    }

    private Optional<Member> at(Endpoint endpoint) {
        return spec.members(InstanceRole.REDIS).stream()
                .filter(member -> member.announce().equals(endpoint))
                .findFirst();
    }

    private String runs(Member member) {
        return survey.instance(member.id()).map(InstanceSurvey::version).orElse("");
    }

    private String installed(Member member) {
        HostSurvey host = survey.hosts().get(member.id().host());
        return host == null ? "" : host.version();
    }

    /** Until it is down, with all that its next start reads of its file. */
    private List<List<Step>> down(Member member) {
        List<List<Step>> stages = new ArrayList<>();
        stages.add(List.of(stop(member)));
        Map<String, String> settings = changes ? needs.settled(member) : Map.of();
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

    /**
     * What a turn begins with. The links come before the stop: one that is cut off between the two is started by them, whoever
     * starts it, and an older Redis could follow no newer one.
     */
    private List<List<Step>> relinked(Member member) {
        List<List<Step>> stages = new ArrayList<>();
        if (changes && needs.ofBinary(member)) {
            stages.add(List.of(make.prepare(member, OwnerGate.mark(spec, cluster.uid(), member.id()))));
        }
        return stages;
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
        String title = "wait until " + member.id() + " is level with its master";
        return await(member, "level", title, Action.Until.LEVEL, LEVEL);
    }

    private Step idle(Member member) {
        String title = "wait until " + member.id() + " neither loads nor saves, nor lags behind";
        return await(member, "idle", title, Action.Until.IDLE, LEVEL);
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
