package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.provisioner.archive.ArchiveSurvey.Tree;
import io.redfleet.provisioner.archive.BuildSurvey;
import io.redfleet.provisioner.archive.TreePlace;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The archive of a cluster whose spec says {@code install: archive}, or {@code source}; nothing of another.
 *
 * <p>Versions lie beside each other, so that a new one touches no instance: each goes on by the links that it has. What will be
 * unpacked is planned with as if it were there, so that the whole plan is seen before.
 */
final class ArchivePlan {
    private static final String SUBJECT = "archive";
    /** Enough for a person to tell two archives by. */
    private static final int DIGITS = 12;

    private ArchivePlan() {}

    /** The hosts as they are once the wanted version lies there. */
    static ClusterSurvey foreseen(ClusterState cluster, ClusterSurvey survey) {
        ClusterSpec spec = cluster.spec();
        if (!spec.redis().archived()) {
            return survey;
        }
        String version = spec.redis().version();
        Map<HostName, HostSurvey> hosts = new LinkedHashMap<>();
        survey.hosts().forEach((name, seen) -> {
            String binary = TreePlace.binary(spec, seen.base());
            // Scripts find the redis-cli of what lies in root's directory, and none of a user's own.
            hosts.put(name, spec.runsOnSystemd() ? seen.having(binary, version) : seen.running(binary, version));
        });
        return survey.on(hosts);
    }

    /** Why nothing may be touched, each in words for a person. */
    static List<Plan.Obstacle> obstacles(ClusterState cluster, ClusterSurvey survey) {
        List<Plan.Obstacle> found = new ArrayList<>();
        Brought brought = Brought.of(cluster.spec(), survey.build());
        if (brought == null) {
            return found;
        }
        if (survey.build() instanceof BuildSurvey.Absent absent) {
            found.add(new Plan.Obstacle(cluster.name().value(), SUBJECT, absent.reason()));
        }
        for (HostSpec host : cluster.spec().hosts()) {
            HostSurvey seen = survey.hosts().get(host.name());
            Optional<String> reason = seen == null ? Optional.empty() : inTheWay(cluster, seen, brought);
            reason.ifPresent(said -> found.add(new Plan.Obstacle(host.name().value(), SUBJECT, said)));
        }
        found.addAll(NewDataNodes.obstacles(cluster, survey));
        return found;
    }

    /** What is missing of the wanted version, on each host. */
    static List<Step> wanted(ClusterState cluster, ClusterSurvey survey, StepMaker make) {
        List<Step> steps = new ArrayList<>();
        Brought brought = Brought.of(cluster.spec(), survey.build());
        if (brought == null) {
            return steps;
        }
        String version = cluster.spec().redis().version();
        for (HostSpec host : cluster.spec().hosts()) {
            HostSurvey seen = survey.hosts().get(host.name());
            List<String> diff = seen == null ? List.of() : missing(cluster, seen, brought);
            if (seen != null && !diff.isEmpty()) {
                Action action = new TreeAction.Unpack(
                        make.onHost(host),
                        seen.base(),
                        cluster.uid().value(),
                        cluster.name().value(),
                        TreePlace.top(cluster.spec(), seen.base()),
                        version,
                        brought.archive(),
                        brought.origin());
                String title = "unpack " + brought.shown() + " on " + host.name() + " as " + path(cluster, seen);
                steps.add(new Step(host.name() + "/archive/install", title, diff, action));
            }
        }
        return steps;
    }

    /**
     * Whether an instance has to be prepared. Links of its own are none of its neighbours', which would make them: one that was
     * cut off, or comes back after its version has gone, gets them before it starts.
     */
    static boolean unprepared(ClusterSpec spec, InstanceSurvey seen) {
        boolean links = spec.redis().archived() && (!seen.configured() || seen.retired());
        return seen.owner().isEmpty() || links;
    }

    /** What an instance whose link has gone is to start: what it runs, for only its turn brings another version. */
    static String relinked(ClusterSpec spec, HostSurvey host, InstanceSurvey seen) {
        boolean lies = spec.redis().archived()
                && seen.answers()
                && host.archives().trees().containsKey(seen.version());
        return lies ? TreePlace.binary(spec, host.base(), seen.version()) : host.binary();
    }

    /** Whether the wanted version lies there whole. */
    static boolean stands(ClusterState cluster, HostSurvey seen) {
        Tree tree = seen.archives().trees().get(cluster.spec().redis().version());
        return tree != null && tree.ours() && tree.whole();
    }

    /** As a difference; nothing: all is as wanted. */
    private static List<String> missing(ClusterState cluster, HostSurvey seen, Brought brought) {
        List<String> missing = new ArrayList<>();
        Tree tree = seen.archives().trees().get(cluster.spec().redis().version());
        if (tree == null || !tree.whole()) {
            if (tree != null) {
                missing.add("- " + path(cluster, seen) + ": as it is");
            }
            missing.add("+ " + path(cluster, seen));
            missing.add("+ of " + brought.named().file() + " sha256:"
                    + brought.named().sha256());
        }
        if (tree == null || !tree.clusters().containsKey(cluster.uid().value())) {
            missing.add("+ used by " + cluster.name());
        }
        return missing;
    }

    private static Optional<String> inTheWay(ClusterState cluster, HostSurvey seen, Brought brought) {
        Tree tree = seen.archives().trees().get(cluster.spec().redis().version());
        if (tree == null) {
            return Optional.empty();
        }
        String path = path(cluster, seen);
        if (!tree.ours()) {
            return Optional.of(path + " was not made by Redfleet and is never written over: move it away first");
        }
        if (brought.is(tree)) {
            return Optional.empty();
        }
        List<String> others = tree.clusters().entrySet().stream()
                .map(user -> user.getValue() + " (uid " + user.getKey() + ")")
                .sorted()
                .toList();
        String users = others.isEmpty() ? "" : ", is used by " + String.join(", ", others);
        return Optional.of(path + " came out of an archive with sha256 " + shortened(tree.sha256()) + users
                + ", and " + brought.field() + " is "
                + shortened(brought.named().sha256())
                + ": a version that lies there is never written over by another archive");
    }

    private static String shortened(String sha256) {
        return sha256.length() <= DIGITS ? sha256 : sha256.substring(0, DIGITS) + "...";
    }

    private static String path(ClusterState cluster, HostSurvey seen) {
        return TreePlace.top(cluster.spec(), seen.base()) + "/"
                + cluster.spec().redis().version();
    }
}
