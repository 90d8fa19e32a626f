package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.provisioner.packages.MonitPackage;
import io.redfleet.provisioner.packages.PackageNotes;
import io.redfleet.provisioner.packages.PackageSurvey;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Monit's package, for a cluster whose spec says {@code install: packages} and {@code monit.agent: on}. It is noted apart from
 * Redis's, since it goes as soon as nobody has a Monit run, and at a version of its own.
 */
final class MonitPackagePlan {
    private MonitPackagePlan() {}

    /** The host as it is once the package is installed. */
    static HostSurvey foreseen(ClusterState cluster, HostSurvey seen) {
        return MonitPackage.wanted(cluster.spec()) ? seen.reportingBy(MonitPackage.BINARY) : seen;
    }

    static List<Step> wanted(ClusterState cluster, ClusterSurvey survey, StepMaker make) {
        List<Step> steps = new ArrayList<>();
        if (!MonitPackage.wanted(cluster.spec())) {
            return steps;
        }
        for (HostSpec host : cluster.spec().hosts()) {
            HostSurvey seen = survey.hosts().get(host.name());
            if (seen != null && MonitPackage.choose(seen.packages()) instanceof MonitPackage.Pinned pinned) {
                List<String> missing = missing(cluster, pinned, seen.packages());
                if (!missing.isEmpty()) {
                    Action action = new PackageAction.InstallMonit(
                            make.onHost(host),
                            seen.base(),
                            cluster.uid().value(),
                            cluster.name().value(),
                            pinned.version());
                    String title =
                            "install and hold " + MonitPackage.NAME + "=" + pinned.version() + " on " + host.name();
                    steps.add(new Step(host.name() + "/monit/install", title, missing, action));
                }
            }
        }
        return steps;
    }

    /** As a difference; nothing: all is as wanted. */
    private static List<String> missing(ClusterState cluster, MonitPackage.Pinned pinned, PackageSurvey seen) {
        List<String> missing = new ArrayList<>();
        if (!seen.of(MonitPackage.NAME).installed()) {
            missing.add("+ " + MonitPackage.NAME + "=" + pinned.version());
        }
        if (!seen.of(MonitPackage.NAME).held()) {
            missing.add("+ hold " + MonitPackage.NAME);
        }
        if (!seen.monit().clusters().containsKey(cluster.uid().value())) {
            missing.add("+ " + MonitPackage.NAME + " used by " + cluster.name());
        }
        if (seen.monit().pending()) {
            missing.add("+ the end of an installation of " + MonitPackage.NAME + " that was interrupted");
        }
        return missing;
    }

    /** Whether the host's apt has to read its lists before it can be had. */
    static boolean unlisted(ClusterState cluster, ClusterSurvey survey, HostName host) {
        HostSurvey seen = survey.hosts().get(host);
        return MonitPackage.wanted(cluster.spec())
                && seen != null
                && MonitPackage.choose(seen.packages()) instanceof MonitPackage.Unlisted;
    }

    /** Why nothing may be touched on a host that has apt, each in words for a person. */
    static List<String> obstacles(ClusterState cluster, PackageSurvey seen) {
        List<String> found = new ArrayList<>();
        if (!MonitPackage.wanted(cluster.spec())) {
            return found;
        }
        if (seen.monit().strange()) {
            found.add(PackageNotes.MONIT + " was not made by Redfleet and is never written over: move it away first");
        }
        switch (MonitPackage.choose(seen)) {
            case MonitPackage.Pinned pinned -> {}
            case MonitPackage.Unsound unsound -> found.add(unsound.reason());
            case MonitPackage.Unlisted unlisted -> {
                OptionalLong ago = seen.readAgo();
                if (ago.isPresent() && ago.getAsLong() < PackagePlan.FRESH) {
                    found.add("apt offers no " + MonitPackage.NAME + ", by lists that were read " + ago.getAsLong()
                            + " s ago: set monit.agent to off, or give the host a repository that has it");
                }
            }
        }
        return found;
    }

    /** What a cluster's use of it ends with, on hosts that answered. */
    static List<Step> ended(ClusterState cluster, ClusterSurvey survey, StepMaker make) {
        List<Step> steps = new ArrayList<>();
        for (HostSpec host : cluster.spec().hosts()) {
            HostSurvey seen = survey.hosts().get(host.name());
            if (seen != null
                    && seen.packages()
                            .monit()
                            .clusters()
                            .containsKey(cluster.uid().value())) {
                steps.add(release(cluster, host, seen, make));
            }
        }
        return steps;
    }

    private static Step release(ClusterState cluster, HostSpec host, HostSurvey seen, StepMaker make) {
        PackageNotes notes = seen.packages().monit();
        List<String> named = new ArrayList<>();
        List<String> diff = new ArrayList<>();
        diff.add("- " + MonitPackage.NAME + " used by " + cluster.name());
        if (notes.clusters().size() == 1) {
            PackageEnd.name(List.of(MonitPackage.NAME), notes, seen.packages(), named, diff);
        }
        Action action = new PackageAction.ReleaseMonit(
                make.onHost(host),
                seen.base(),
                cluster.uid().value(),
                cluster.name().value(),
                named);
        String title = named.isEmpty()
                ? "give up the package of Monit on " + host.name()
                : "give up the package of Monit on " + host.name() + ", and remove what came for it";
        return new Step(host.name() + "/monit/release", title, diff, action);
    }
}
