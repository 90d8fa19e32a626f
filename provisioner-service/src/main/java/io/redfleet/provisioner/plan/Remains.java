package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.gate.OwnerGate;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.RunAs;
import io.redfleet.provisioner.survey.SystemdSurvey;
import java.util.ArrayList;
import java.util.List;

/** What is left on the hosts of a cluster that ends, each with the reason: the steps of its plan say what goes. */
final class Remains {
    private Remains() {}

    /** Of hosts that answered. */
    static List<String> of(ClusterState cluster, ClusterSurvey survey, Fate fate) {
        List<String> notes = new ArrayList<>();
        for (HostSpec host : cluster.spec().hosts()) {
            HostSurvey seen = survey.hosts().get(host.name());
            if (seen != null) {
                String on = host.name() + ": ";
                directories(cluster, survey, host, seen, fate).forEach(note -> notes.add(on + note));
                PackageRemains.of(cluster, seen).forEach(note -> notes.add(on + note));
                machine(cluster, survey, host, seen, fate).forEach(note -> notes.add(on + note));
            }
        }
        return notes;
    }

    private static List<String> directories(
            ClusterState cluster, ClusterSurvey survey, HostSpec host, HostSurvey seen, Fate fate) {
        List<String> notes = new ArrayList<>();
        List<Member> ours = cluster.spec().members().stream()
                .filter(member -> member.id().host().equals(host.name()))
                .filter(member -> marked(cluster, survey, member))
                .toList();
        if (ours.isEmpty()) {
            return notes;
        }
        String base = seen.base();
        boolean data = ours.stream().anyMatch(member -> member.role() == InstanceRole.REDIS);
        if (fate == Fate.ARCHIVED && data) {
            boolean due = ours.stream().anyMatch(member -> DataArchivePlan.due(cluster, survey, member));
            notes.add(
                    due
                            ? DataArchivePlan.shelf(cluster, base) + " stays: archives are whoever's who asked for them"
                            : "no data of it is archived: its data nodes are replicas of a master that answers");
        }
        boolean ends = AccountEnd.ends(cluster, survey, host, seen, fate);
        String within = "bin, and " + base + "/" + cluster.name();
        notes.add(
                ends
                        ? base + " stays, with the lease on it: other clusters may come; " + within
                                + " stay where other clusters work there"
                        : base + " stays, with the lease on it and " + within
                                + ": other clusters work there, or may come");
        return notes;
    }

    private static List<String> machine(
            ClusterState cluster, ClusterSurvey survey, HostSpec host, HostSurvey seen, Fate fate) {
        List<String> notes = new ArrayList<>();
        ClusterSpec spec = cluster.spec();
        String uid = cluster.uid().value();
        String tuner = seen.tuning().owner();
        if (spec.tuning().wanted() && !tuner.isEmpty() && !tuner.equals(uid)) {
            notes.add("what belongs to the whole machine stays as it is: this cluster did not set it");
        }
        if (spec.tuning().wanted() || spec.redis().packaged() || spec.firewall().wanted()) {
            notes.add("/var/lib/redfleet-host stays, with the locks by which operations on the machine take turns");
        }
        if (spec.runsByInit()) {
            String kind = spec.runsOnScripts() ? "init script" : "unit";
            host.instances().forEach(instance -> {
                InstanceId id = InstanceId.of(host.name(), instance.name());
                SystemdSurvey.Unit unit = seen.systemd().unit(id);
                if (unit.present() && !unit.owner().equals(OwnerGate.mark(spec, cluster.uid(), id))) {
                    notes.add("the " + kind + " of " + id + " stays: it does not bear this cluster's mark");
                }
            });
            AccountEnd.stays(cluster, survey, host, seen, fate)
                    .filter(why -> seen.systemd().account())
                    .ifPresent(why -> notes.add("the user " + RunAs.USER + " stays: " + why));
        }
        if (spec.runsOnSystemd()) {
            notes.add("what its units said stays in the journal, as long as journald keeps it");
        }
        return notes;
    }

    private static boolean marked(ClusterState cluster, ClusterSurvey survey, Member member) {
        return survey.instance(member.id())
                .map(InstanceSurvey::owner)
                .filter(owner -> owner.equals(OwnerGate.mark(cluster.spec(), cluster.uid(), member.id())))
                .isPresent();
    }
}
