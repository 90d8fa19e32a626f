package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.gate.OwnerGate;
import io.redfleet.provisioner.gate.RevisionGate;
import io.redfleet.provisioner.gate.StartGate;
import io.redfleet.provisioner.recipe.RedisConf;
import io.redfleet.provisioner.recipe.SentinelConf;
import io.redfleet.provisioner.recipe.UsersFile;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Plans the way from what is to what is wanted.
 *
 * <p>The order: what belongs to the whole machine; who may reach it; directories everywhere at once; the note of the revision;
 * users and logins of what runs; a master for Sentinels that have lost it; files; logs; start guards and units; the data node
 * that leads; its replicas; the Sentinels; settings that drifted; renewed certificates, the leader's last; who leaves; what is
 * not wanted any more of the machine; the Monit of each host, once there is something to report of; files that instances write
 * anew, where one that cannot holds up nothing else; the restarts that were agreed to ({@link RollingPlan}). Where nobody knows
 * yet who leads, Sentinels that have a file are started first and the rest is planned again after ({@link Plan#open}).
 */
public final class Planner {
    private final ClusterState cluster;
    private final ClusterSpec spec;
    private final ClusterUid uid;
    private final ClusterSurvey survey;
    private final StepMaker make;
    private final List<String> notes = new ArrayList<>();

    private Planner(ClusterState cluster, ClusterSurvey survey) {
        this.cluster = cluster;
        this.spec = cluster.spec();
        this.uid = cluster.uid();
        this.survey = survey;
        this.make = new StepMaker(spec, survey);
    }

    /** Of a plan that restarts nothing that runs. */
    public static Plan plan(ClusterState cluster, ClusterSurvey survey) {
        return plan(cluster, survey, Restarts.none());
    }

    public static Plan plan(ClusterState cluster, ClusterSurvey survey, Restarts restarts) {
        PackagePlan packages = PackagePlan.of(cluster, survey);
        ClusterSurvey seen = packages.foreseen();
        List<Plan.Obstacle> obstacles = new ArrayList<>(WaysPlan.and(Preflight.judge(cluster, seen), cluster, survey));
        obstacles.addAll(LaterMembers.obstacles(cluster, seen, packages.moved(), restarts));
        if (!obstacles.isEmpty()) {
            List<String> beside = Beside.notes(packages, obstacles, hosts -> new Planner(cluster, hosts).plan());
            Plan blocked = new Plan(List.of(), obstacles, beside, false, packages.refused());
            return Doubts.beside(blocked, cluster, survey);
        }
        Plan plan = packages.unlisted()
                .orElseGet(() -> RollingPlan.after(new Planner(cluster, seen).plan(), cluster, seen, restarts));
        return Doubts.beside(BuildPlan.before(plan, cluster, survey), cluster, survey);
    }

    private Plan plan() {
        boolean established = survey.sentinelsKnowACluster(spec);
        Optional<Endpoint> named = survey.namedMaster(spec);
        if (established && named.isEmpty()) {
            return findTheMaster();
        }
        Endpoint master = named.orElseGet(() -> StartGate.bootstrapMaster(spec).announce());
        List<List<Step>> stages = PackagePlan.machines(cluster, survey, make);
        stages.add(all(this::prepare));
        // Before anything is changed: a revision that was made true by half is newer than the one before as well.
        stages.add(all(this::note));
        stages.add(AccessPlan.wanted(spec, survey, make));
        stages.add(LostMaster.found(spec, survey, make, named));
        stages.add(all(this::usersFile));
        stages.add(all(member -> redisFile(member, master)));
        stages.add(RotationPlan.wanted(cluster, survey, make));
        stages.addAll(UnitPlan.wanted(cluster, survey, make));
        notes.addAll(AccessPlan.notes(spec, survey));
        notes.addAll(FilePlan.notes(cluster, survey));
        Starts starts = new Starts(cluster, survey, make, master);
        List<Plan.Obstacle> obstacles = starts.data(stages);
        stages.add(all(member -> sentinelFile(member, master)));
        starts.sentinels(stages);
        notes.addAll(starts.notes());
        stages.add(all(member -> SettingsPlan.drift(spec, make, member, facts(member))));
        for (Member member : starts.leaderFirst().reversed()) {
            TlsReload.step(spec, survey, make, member).ifPresent(step -> stages.add(List.of(step)));
            appendOnly(member).ifPresent(on -> stages.add(List.of(make.appendOnly(member, on))));
        }
        stages.addAll(LeavingPlan.stages(cluster, survey));
        stages.addAll(FirewallPlan.narrowed(cluster, survey, make));
        stages.add(FirewallPlan.unwanted(cluster, survey, make));
        stages.add(TuningPlan.unwanted(cluster, survey, make));
        stages.addAll(MonitPlan.stages(cluster, survey, make));
        stages.add(FilePlan.steps(cluster, survey));
        List<Plan.Refused> refused = new ArrayList<>(FilePlan.refused(cluster, survey));
        List<Plan.Refused> lost = LostMaster.refused(spec, survey);
        lost.forEach(sentinel -> notes.add(sentinel.subject() + " watches no master"));
        refused.addAll(lost);
        List<List<Step>> wanted = obstacles.isEmpty() ? stages : List.of();
        return new Plan(wanted, obstacles, notes, false, refused, Starts.foreseen(wanted));
    }

    /** The Sentinels have been configured, but no majority answers: start those that can be, then look again. */
    private Plan findTheMaster() {
        List<Step> starts = new ArrayList<>();
        for (Member sentinel : spec.members(InstanceRole.SENTINEL)) {
            InstanceSurvey seen = facts(sentinel);
            if (seen.configured() && !seen.present() && !seen.markedStopped()) {
                starts.add(make.start(sentinel));
            }
        }
        starts.addAll(GroupPlan.shutOut(cluster, survey, make));
        if (starts.isEmpty()) {
            String lost = LostMaster.told(spec, survey);
            String reason = "no majority of them names a master, and none can be started" + lost;
            return new Plan(List.of(), List.of(new Plan.Obstacle("", "Sentinels", reason)), notes, false);
        }
        List<List<Step>> stages = PackagePlan.machines(cluster, survey, make);
        stages.add(all(member -> facts(member).configured() ? prepare(member) : List.of()));
        stages.addAll(UnitPlan.wanted(cluster, survey, make));
        stages.add(starts);
        return new Plan(stages, List.of(), notes, true);
    }

    private List<Step> prepare(Member member) {
        InstanceSurvey seen = facts(member);
        String mark = OwnerGate.mark(spec, uid, member.id());
        if (!ArchivePlan.unprepared(spec, seen) && !GroupEnd.half(spec, member, seen)) {
            return seen.unlinked()
                    ? List.of(make.link(member, mark, ArchivePlan.relinked(spec, host(member), seen)))
                    : List.of();
        }
        return List.of(spec.at(member.id())
                .map(at -> Adoption.adopt(make, host(member), member, at, seen, mark))
                .orElseGet(() -> make.prepare(member, mark)));
    }

    /** Before the configuration that names it: an instance that has the one always has the other. */
    private List<Step> usersFile(Member member) {
        if (survey.accounts().isNone() || facts(member).configured()) {
            return List.of();
        }
        String text = member.role() == InstanceRole.REDIS
                ? UsersFile.redis(survey.accounts(), host(member).version())
                : UsersFile.sentinel(survey.accounts());
        return List.of(make.users(member, text));
    }

    private List<Step> note(Member member) {
        if (GroupEnd.concerns(spec, member)) {
            return List.of();
        }
        Optional<Long> noted = RevisionGate.noted(facts(member), uid);
        return noted.equals(Optional.of(cluster.revision()))
                ? List.of()
                : List.of(make.note(member, OwnerGate.mark(spec, uid, member.id()), cluster, noted));
    }

    private List<Step> redisFile(Member member, Endpoint master) {
        if (member.role() != InstanceRole.REDIS || facts(member).configured()) {
            return List.of();
        }
        Optional<Endpoint> follow = master.equals(member.announce()) ? Optional.empty() : Optional.of(master);
        Place place = make.place(member);
        String text = RedisConf.render(spec, place, make.directory(member), follow, survey.accounts());
        return List.of(make.file(member, "redis.conf", text));
    }

    private List<Step> sentinelFile(Member member, Endpoint master) {
        if (member.role() != InstanceRole.SENTINEL || facts(member).configured()) {
            return List.of();
        }
        SentinelConf.Reader reader = new SentinelConf.Reader(host(member).version(), survey.accounts());
        String text = SentinelConf.render(spec, make.place(member), make.directory(member), master, reader);
        return List.of(make.file(member, "sentinel.conf", text));
    }

    /**
     * Whether the append-only file has to be turned on or off; empty: it is as wanted. A step of its own: said in the
     * configuration before what the next start loads is whole, that start would load nothing, or what is long past.
     */
    private Optional<Boolean> appendOnly(Member member) {
        InstanceSurvey seen = facts(member);
        if (member.role() != InstanceRole.REDIS || !seen.answers()) {
            return Optional.empty();
        }
        return Optional.ofNullable(
                        RedisConf.drift(spec, make.place(member), seen).get("appendonly"))
                .map("yes"::equals);
    }

    private List<Step> all(java.util.function.Function<Member, List<Step>> steps) {
        return spec.members().stream().map(steps).flatMap(List::stream).toList();
    }

    private InstanceSurvey facts(Member member) {
        return survey.instance(member.id())
                .orElseThrow(() -> new IllegalStateException("preflight let " + member.id() + " pass unseen"));
    }

    private HostSurvey host(Member member) {
        HostSurvey host = survey.hosts().get(member.id().host());
        if (host == null) {
            throw new IllegalStateException("preflight let " + member.id().host() + " pass unseen");
        }
        return host;
    }
}
