package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.gate.OwnerGate;
import io.redfleet.provisioner.gate.WayBack;
import io.redfleet.provisioner.packages.Release;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who is down on the way back to an earlier Redis. As what they would start nobody knows: they may be down because the later one
 * does not come up. Replicas are emptied first where somebody of the cluster runs the later one, which may have written their data;
 * Sentinels have none. Both start as the earlier one.
 */
final class Returning {
    private final ClusterState cluster;
    private final ClusterSpec spec;
    private final ClusterSurvey survey;
    private final StepMaker make;
    /** Other versions of packages, each for the first that is started on its host. */
    private final Map<HostName, Step> packages;

    private Returning(ClusterState cluster, ClusterSurvey survey) {
        this.cluster = cluster;
        this.spec = cluster.spec();
        this.survey = survey;
        this.make = new StepMaker(spec, survey);
        this.packages = PackageChange.steps(cluster, survey, make);
    }

    /** The plan's stages with what comes before such a start; empty: there is none. */
    static Optional<List<List<Step>>> before(ClusterState cluster, ClusterSurvey survey, Plan plan) {
        Returning returning = new Returning(cluster, survey);
        List<List<Step>> stages = new ArrayList<>();
        for (List<Step> stage : plan.stages()) {
            for (Step step : stage) {
                if (step.action() instanceof Action.Start start) {
                    stages.addAll(returning.emptied(start.place().id()));
                    stages.addAll(returning.relinked(start.place().id()));
                }
            }
            stages.add(stage);
        }
        return stages.size() == plan.stages().size() ? Optional.empty() : Optional.of(stages);
    }

    /** @param version of the Redis that wrote it */
    static Step aside(StepMaker make, Member member, String version) {
        String to = make.directory(member) + "/aside/" + version;
        String title = "put what " + member.id() + " has stored into " + to + ", so that it starts empty";
        List<String> diff = List.of("- " + make.directory(member) + "/data: as it is", "+ " + to);
        Action action = new Action.Aside(make.place(member), make.directory(member), version, false);
        return new Step(member.id() + "/aside", title, diff, action);
    }

    /** Changes nothing: what would keep that step from its end is found while whoever stores still runs. */
    static Step asideTried(StepMaker make, Member member, String version) {
        String title = "see whether what " + member.id() + " has stored can be put aside, and has room to come anew";
        Action action = new Action.Aside(make.place(member), make.directory(member), version, true);
        return new Step(member.id() + "/aside-tried", title, List.of(), action);
    }

    private List<List<Step>> emptied(InstanceId id) {
        Optional<Member> down = spec.member(id).filter(member -> isDown(member, InstanceRole.REDIS));
        Optional<Member> leads = master().filter(member -> !member.id().equals(id));
        Optional<String> later = later(id);
        if (down.isEmpty() || leads.isEmpty() || later.isEmpty()) {
            return List.of();
        }
        Member master = leads.get();
        boolean open = !Release.older(installed(id), runs(master))
                && WayBack.closed(spec, survey, List.of(down.get()), master, other -> follows(other, master))
                        .isEmpty();
        return open ? stages(down.get(), later.get()) : List.of();
    }

    private List<List<Step>> stages(Member member, String later) {
        List<List<Step>> stages = new ArrayList<>();
        stages.add(List.of(asideTried(make, member, later)));
        stages.add(List.of(aside(make, member, later)));
        Step change = packages.remove(member.id().host());
        if (change != null) {
            stages.add(List.of(change));
        }
        stages.add(List.of(make.prepare(member, OwnerGate.mark(spec, cluster.uid(), member.id()))));
        return stages;
    }

    /**
     * What lets a Sentinel that is down start as what is wanted. Not where anybody runs what is earlier: there is no way back from
     * that, and its turn comes. Its host's packages are its data nodes' too, which have to be able to start by them.
     */
    private List<List<Step>> relinked(InstanceId id) {
        Optional<Member> down = spec.member(id).filter(member -> isDown(member, InstanceRole.SENTINEL));
        Optional<Member> leads = master();
        if (down.isEmpty() || leads.isEmpty()) {
            return List.of();
        }
        String wanted = installed(id);
        boolean earlier = spec.members().stream().anyMatch(member -> Release.older(runs(member), wanted));
        boolean open = !earlier
                && !Release.older(wanted, runs(leads.get()))
                && WayBack.closed(spec, survey, List.of(down.get()), leads.get(), other -> follows(other, leads.get()))
                        .isEmpty()
                && spec.members(InstanceRole.REDIS).stream()
                        .filter(member -> member.id().host().equals(id.host()))
                        .allMatch(member -> loads(member, wanted));
        return open ? links(down.get()) : List.of();
    }

    /** Nothing, where what lies on its host is what it starts anyway. */
    private List<List<Step>> links(Member sentinel) {
        Step change = packages.remove(sentinel.id().host());
        if (change == null && !spec.redis().archived()) {
            return List.of();
        }
        List<List<Step>> stages = new ArrayList<>();
        if (change != null) {
            stages.add(List.of(change));
        }
        stages.add(List.of(make.prepare(sentinel, OwnerGate.mark(spec, cluster.uid(), sentinel.id()))));
        return stages;
    }

    /** Whether what it has stored is known to be no later than that Redis: of one that does not answer nobody knows. */
    private boolean loads(Member member, String wanted) {
        return survey.instance(member.id()).filter(InstanceSurvey::answers).isPresent()
                && !Release.older(wanted, runs(member));
    }

    private boolean isDown(Member member, InstanceRole role) {
        return member.role() == role
                && survey.instance(member.id())
                        .filter(seen -> seen.configured() && !seen.present())
                        .isPresent();
    }

    /** A later Redis than is wanted there, which runs somewhere in the cluster. */
    private Optional<String> later(InstanceId id) {
        return spec.members().stream()
                .map(this::runs)
                .filter(version -> Release.older(installed(id), version))
                .findFirst();
    }

    /** Whom a majority of the Sentinels names, if it answers as one. */
    private Optional<Member> master() {
        Optional<Endpoint> named = survey.namedMaster(spec);
        return spec.members(InstanceRole.REDIS).stream()
                .filter(member -> named.filter(member.announce()::equals).isPresent())
                .filter(member -> survey.instance(member.id())
                        .filter(seen -> seen.answers() && seen.isMaster())
                        .isPresent())
                .findFirst();
    }

    private boolean follows(Member member, Member master) {
        return survey.instance(member.id())
                .filter(seen -> seen.isReplica()
                        && seen.info("master_host").equals(master.announce().host())
                        && seen.info("master_port")
                                .equals("" + master.announce().port())
                        && seen.info("master_link_status").equals("up"))
                .isPresent();
    }

    private String runs(Member member) {
        return survey.instance(member.id())
                .filter(InstanceSurvey::answers)
                .map(InstanceSurvey::version)
                .orElse("");
    }

    private String installed(InstanceId id) {
        HostSurvey host = survey.hosts().get(id.host());
        return host == null ? "" : host.version();
    }
}
