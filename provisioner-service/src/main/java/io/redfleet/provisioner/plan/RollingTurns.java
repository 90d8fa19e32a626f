package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.gate.OwnerGate;
import io.redfleet.provisioner.gate.SwitchGate;
import io.redfleet.provisioner.gate.WayBack;
import io.redfleet.provisioner.packages.Release;
import io.redfleet.provisioner.recipe.RedisConf;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The turns of restarts one after the other: the Sentinels; the replicas; a switch of the master, so that it is a replica; that
 * one. A turn is one of these, with all that is waited for before another one may go down.
 *
 * <p>Where replicas go back to an earlier Redis they come before the Sentinels. These would bring its packages to hosts whose
 * replica has stored what it does not load: one that dies before its turn would not come back.
 */
final class RollingTurns {
    /** The last save; {@link StepMaker#stop} waits longer for one that took long before. */
    private static final Duration STOP = Duration.ofMinutes(5);

    private static final List<String> BUSY =
            List.of("rdb_bgsave_in_progress", "aof_rewrite_in_progress", "aof_rewrite_scheduled");

    private final ClusterState cluster;
    private final ClusterSpec spec;
    private final ClusterSurvey survey;
    private final StepMaker make;
    private final RestartNeeds needs;
    private final Map<InstanceId, List<RestartNeeds.Need>> restarted;
    private final boolean changes;
    private final boolean back;
    /** Other versions of packages, each for the first turn on its host. */
    private final Map<HostName, Step> packages;

    private final Waits waits;

    /**
     * @param restarted who, and for what
     * @param restarts what was agreed to: of those that are needed, what is down is made to be as it is wanted
     */
    RollingTurns(
            ClusterState cluster,
            ClusterSurvey survey,
            RestartNeeds needs,
            Map<InstanceId, List<RestartNeeds.Need>> restarted,
            Restarts restarts) {
        this.cluster = cluster;
        this.spec = cluster.spec();
        this.survey = survey;
        this.make = new StepMaker(spec, survey);
        this.waits = new Waits(spec, make);
        this.needs = needs;
        this.restarted = restarted;
        this.changes = restarts instanceof Restarts.Needed;
        this.back = restarts.back(spec.redis());
        this.packages = changes ? PackageChange.steps(cluster, survey, make) : new LinkedHashMap<>();
    }

    /** In order; the first is what may be done now. */
    List<List<List<Step>>> turns() {
        List<List<List<Step>>> turns = new ArrayList<>();
        boolean dataFirst = spec.members(InstanceRole.REDIS).stream().anyMatch(this::goesBack);
        if (!dataFirst) {
            sentinels(turns);
        }
        Optional<Endpoint> named = survey.namedMaster(spec);
        List<Member> masters = new ArrayList<>();
        List<Member> data = spec.members(InstanceRole.REDIS);
        for (Member member : WayBack.inOrder(data, each -> !goesBack(each) || linked(each))) {
            if (named.filter(member.announce()::equals).isPresent()) {
                masters.add(member);
            } else if (restarted.containsKey(member.id())) {
                boolean outrun = named.flatMap(this::at)
                        .filter(master -> Release.older(runs(member), runs(master)))
                        .isPresent();
                boolean apart = outrun || (goesBack(member) && !linked(member));
                if (!apart) {
                    rested(turns, member);
                }
                turns.add(replica(member, named, apart));
            }
        }
        if (dataFirst) {
            sentinels(turns);
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

    private void sentinels(List<List<List<Step>>> turns) {
        for (Member sentinel : spec.members(InstanceRole.SENTINEL)) {
            if (restarted.containsKey(sentinel.id())) {
                turns.add(sentinel(sentinel));
            }
        }
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
            waits.next();
            turns.add(List.of(List.of(waits.idle(member))));
        }
    }

    private List<List<Step>> sentinel(Member member) {
        waits.next();
        List<List<Step>> stages = relinked(member);
        stages.add(List.of(stop(member)));
        stages.add(List.of(make.start(member)));
        stages.add(List.of(waits.joined(member)));
        stages.add(waits.settled());
        return stages;
    }

    /**
     * @param master whom it follows; empty: as its file says
     * @param apart whether it need not be in sync before it is restarted
     */
    private List<List<Step>> replica(Member member, Optional<Endpoint> master, boolean apart) {
        waits.next();
        boolean empty = goesBack(member);
        List<List<Step>> stages = empty ? new ArrayList<>() : relinked(member);
        // Who has been promoted since it was looked at is not stopped.
        stages.add(List.of(apart ? waits.replica(member) : waits.linked(member)));
        if (empty) {
            stages.add(List.of(Returning.asideTried(make, member, runs(member))));
        }
        stages.addAll(down(member));
        if (empty) {
            stages.add(List.of(Returning.aside(make, member, runs(member))));
            stages.addAll(relinked(member));
        }
        master.ifPresent(endpoint -> stages.add(List.of(make.follow(member, Optional.of(endpoint)))));
        stages.add(List.of(make.start(member)));
        stages.add(List.of(waits.level(member)));
        stages.add(waits.settled());
        return stages;
    }

    private List<List<Step>> inItsPlace(Member master) {
        waits.next();
        List<List<Step>> stages = relinked(master);
        stages.addAll(down(master));
        stages.add(List.of(make.follow(master, Optional.empty())));
        stages.add(List.of(make.start(master)));
        stages.add(List.of(make.ready(master)));
        stages.add(waits.settled());
        return stages;
    }

    /** @param outrun whether the old master cannot load what the new one sends */
    private List<List<Step>> switched(SwitchGate.Go go, boolean outrun) {
        waits.next();
        List<List<Step>> stages = new ArrayList<>();
        Plan plan = SwitchPlan.plan(spec, survey, go.old(), go.to(), go.candidates());
        stages.add(plan.stages().getFirst());
        // The Sentinels first: as long as they work on it a replica may follow the old master still.
        stages.add(waits.settled());
        stages.add(spec.members(InstanceRole.REDIS).stream()
                .filter(member -> !(outrun && member.equals(go.old())))
                .map(waits::idle)
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

    /** Whether it comes back as an earlier Redis, and so without what it has stored. */
    private boolean goesBack(Member member) {
        return back && restarted.containsKey(member.id()) && WayBack.leads(survey, member.id());
    }

    private boolean linked(Member member) {
        return survey.instance(member.id())
                .filter(seen -> seen.info("master_link_status").equals("up"))
                .isPresent();
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
     * starts it, and an older Redis could follow no newer one. On the way back they come after what the newer one has stored is out
     * of the way: until then it is started as the newer one, which loads it or starts empty.
     */
    private List<List<Step>> relinked(Member member) {
        List<List<Step>> stages = new ArrayList<>();
        Step change = packages.remove(member.id().host());
        if (change != null) {
            stages.add(List.of(change));
        }
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
}
