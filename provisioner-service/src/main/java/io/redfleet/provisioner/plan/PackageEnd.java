package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.provisioner.packages.PackageNotes;
import io.redfleet.provisioner.packages.PackageSurvey;
import io.redfleet.provisioner.packages.PackageSurvey.Needrestart;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import java.util.ArrayList;
import java.util.List;

/**
 * What a cluster's end means for packages: the last one that uses them gives them up as they were found. Only what its plan
 * names is removed.
 */
final class PackageEnd {
    private PackageEnd() {}

    /** On hosts that answered; of a cluster whose Redis came out of an archive, the end of that. */
    static List<Step> of(ClusterState cluster, ClusterSurvey survey, StepMaker make) {
        List<Step> steps = new ArrayList<>();
        for (HostSpec host : cluster.spec().hosts()) {
            HostSurvey seen = survey.hosts().get(host.name());
            String uid = cluster.uid().value();
            if (seen != null && seen.packages().notes().clusters().containsKey(uid)) {
                steps.add(release(cluster, host, seen, make));
            }
        }
        steps.addAll(ArchiveEnd.of(cluster, survey, make));
        return steps;
    }

    private static Step release(ClusterState cluster, HostSpec host, HostSurvey seen, StepMaker make) {
        PackageSurvey packages = seen.packages();
        List<String> named = new ArrayList<>();
        List<String> diff = new ArrayList<>();
        diff.add("- used by " + cluster.name());
        if (packages.notes().clusters().size() == 1) {
            name(packages.family().all(), packages.notes(), packages, named, diff);
            if (packages.needrestart() == Needrestart.OURS) {
                diff.add("- " + Needrestart.PATH);
            }
        }
        Action action = PackageTools.release(cluster, seen, make.onHost(host), named);
        String title = named.isEmpty()
                ? "give up the packages of " + host.name()
                : "give up the packages of " + host.name() + ", and remove what came for it and nothing else uses";
        return new Step(host.name() + "/packages/release", title, diff, action);
    }

    /**
     * Names what is put back of some packages with the last use of them.
     *
     * @param named takes what may be removed
     * @param diff takes that, and holds that were not there before
     */
    static void name(
            List<String> packages, PackageNotes notes, PackageSurvey seen, List<String> named, List<String> diff) {
        for (String name : packages) {
            PackageNotes.Before before = notes.packages().get(name);
            if (before == null) {
                continue;
            }
            if (!before.held() && seen.of(name).held()) {
                diff.add("- hold " + name);
            }
            String version = seen.of(name).version();
            // The notes of a change that was cut off have its new version, and the host that or the one before.
            boolean ours = seen.of(name).installed() && (notes.pending() || version.equals(before.put()));
            if (before.version().isEmpty() && ours) {
                named.add(name);
                diff.add("- " + name + "=" + version);
            }
        }
        if (!named.isEmpty()) {
            notes.brought().keySet().stream().sorted().forEach(name -> {
                named.add(name);
                diff.add("- " + name + "=" + notes.brought().get(name));
            });
        }
    }
}
