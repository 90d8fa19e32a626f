package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Leaving;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.gate.OwnerGate;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Plans the end of a cluster: the Monits that report of it end, with what they knew, or they would tell of an outage; the
 * Sentinels forget it, so that stopping it is no failover; then they stop, then the replicas, then the master, which saves
 * last; then, if that is asked for, what they stored is archived ({@link DataArchivePlan}); then their units go. Directories stay
 * unless told otherwise, with a note that nobody manages them any more. What the cluster set of the machines is put back when
 * nothing of it runs any more, and packages that came for it go. What is marked as another's is left alone. What stays on the
 * hosts all the same, the notes say, and why ({@link Remains}).
 *
 * <p>A Sentinel that also watches a master outside this cluster forgets this one and goes on running, as those of a group do until
 * its last cluster ends ({@link GroupEnd}). What was adopted is let go,
 * and all of it goes on.
 */
public final class Decommission {
    /** A master first waits up to 10 s for its replicas, then saves. */
    private static final Duration STOP = Duration.ofMinutes(5);

    private Decommission() {}

    /** Without an archive. */
    public static Plan plan(ClusterState cluster, ClusterSurvey survey, boolean keepFiles) {
        return plan(cluster, survey, Fate.of(keepFiles, false));
    }

    /** @param asked of the data; what was adopted keeps it, whatever is asked */
    public static Plan plan(ClusterState cluster, ClusterSurvey survey, Fate asked) {
        ClusterSpec spec = cluster.spec();
        Fate fate = spec.adopted() ? Fate.KEPT : asked;
        ClusterUid uid = cluster.uid();
        List<Plan.Obstacle> obstacles = new ArrayList<>(Preflight.newer(cluster, survey));
        survey.unreached().forEach((host, failed) -> {
            if (!cluster.lost(host)) {
                String reason = failed.reason() + "; if its machine is lost for good, say lost=" + host;
                obstacles.add(new Plan.Obstacle(host.value(), "survey (" + failed.trouble() + ")", reason));
            }
        });
        boolean archived = fate == Fate.ARCHIVED;
        obstacles.addAll(GroupEnd.obstacles(cluster, survey));
        if (archived) {
            obstacles.addAll(DataArchivePlan.obstacles(cluster, survey));
        }
        if (!obstacles.isEmpty()) {
            return new Plan(List.of(), obstacles, RpmNotes.experimental(survey), false);
        }
        StepMaker make = new StepMaker(spec, survey);
        List<String> notes = new ArrayList<>();
        cluster.leavers().stream()
                .filter(Leaving::lost)
                .map(lost -> lost.host().name()
                        + " is given up as lost: nothing on it is touched, and should it come back, all"
                        + " that it had is there")
                .forEach(notes::add);
        List<Step> agents = MonitPlan.ended(cluster, survey, make);
        List<Step> forget = new ArrayList<>();
        List<Step> sentinels = new ArrayList<>();
        List<Step> replicas = new ArrayList<>();
        List<Step> masters = new ArrayList<>();
        List<Step> units = new ArrayList<>();
        List<Step> farewell = new ArrayList<>();
        for (Member member : spec.members()) {
            if (GroupEnd.concerns(spec, member)) {
                GroupEnd end = GroupEnd.of(cluster, survey, make, member, STOP);
                forget.addAll(end.forget());
                sentinels.addAll(end.stop());
                units.addAll(end.units());
                farewell.addAll(end.farewell());
                notes.addAll(end.notes());
                continue;
            }
            InstanceSurvey seen = survey.instance(member.id()).orElseThrow();
            String mark = OwnerGate.mark(spec, uid, member.id());
            boolean ours = seen.owner().equals(mark);
            if (!ours && !seen.owner().isEmpty()) {
                notes.add(member.id() + " belongs to " + seen.owner() + " and is left alone");
            }
            if (spec.at(member.id()).isPresent()) {
                // Of one that runs under its builder's unit; the unit itself stays.
                units.addAll(UnitPlan.ended(cluster, survey, make, member));
                if (ours) {
                    farewell.add(Adoption.release(make, member, mark));
                }
                continue;
            }
            boolean shared = member.role() == InstanceRole.SENTINEL && watchesAnother(spec, seen);
            if (shared) {
                notes.add(member.id() + " also watches another master and goes on running");
            }
            if (member.role() == InstanceRole.SENTINEL
                    && ours
                    && seen.answers()
                    && !seen.master().isEmpty()) {
                forget.add(make.forget(member));
            }
            if (seen.present() && ours && !shared) {
                List<Step> stage =
                        member.role() == InstanceRole.SENTINEL ? sentinels : seen.isMaster() ? masters : replicas;
                stage.add(make.stop(member, false, false, STOP));
            }
            if (!shared) {
                units.addAll(UnitPlan.ended(cluster, survey, make, member));
            }
            if (ours && !shared) {
                boolean due = archived && DataArchivePlan.due(cluster, survey, member);
                farewell.add(fate == Fate.KEPT ? make.retire(member, mark) : make.erase(member, mark, due));
            }
        }
        units.addAll(RotationPlan.ended(cluster, survey, make));
        units.addAll(AgentUnitPlan.ended(cluster, survey, make));
        List<Step> filters = FirewallPlan.ended(cluster, survey, make);
        List<Step> machines = TuningPlan.ended(cluster, survey, make);
        List<Step> monit = MonitPackagePlan.ended(cluster, survey, make);
        List<Step> packages = PackageEnd.of(cluster, survey, make);
        List<Step> saving = archived ? DataArchivePlan.saving(cluster, survey, make) : List.of();
        List<Step> archives = archived ? DataArchivePlan.archives(cluster, survey, make) : List.of();
        List<Step> accounts = AccountEnd.of(cluster, survey, fate, make);
        notes.addAll(Remains.of(cluster, survey, fate));
        notes.addAll(RpmNotes.experimental(survey));
        return new Plan(
                List.of(
                        agents, forget, sentinels, saving, replicas, masters, archives, units, filters, machines, monit,
                        packages, farewell, accounts),
                List.of(),
                notes,
                false);
    }

    static boolean watchesAnother(ClusterSpec spec, InstanceSurvey sentinel) {
        String own = "name=" + spec.sentinel().masterName() + ",";
        return sentinel.info().entrySet().stream()
                .anyMatch(field -> field.getKey().matches("master\\d+")
                        && !field.getValue().startsWith(own));
    }
}
