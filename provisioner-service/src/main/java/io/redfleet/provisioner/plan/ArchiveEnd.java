package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.provisioner.archive.TreePlace;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import java.util.ArrayList;
import java.util.List;

/**
 * What a cluster's end on a host means for versions that archives brought: it gives up all that it has used, and those that no
 * other cluster uses go. Only what its plan names is removed.
 */
final class ArchiveEnd {
    private ArchiveEnd() {}

    /** On hosts that answered. */
    static List<Step> of(ClusterState cluster, ClusterSurvey survey, StepMaker make) {
        List<Step> steps = new ArrayList<>();
        for (HostSpec host : cluster.spec().hosts()) {
            HostSurvey seen = survey.hosts().get(host.name());
            if (seen != null
                    && seen.archives().trees().values().stream()
                            .anyMatch(tree ->
                                    tree.clusters().containsKey(cluster.uid().value()))) {
                steps.add(release(cluster, host, seen, make));
            }
        }
        return steps;
    }

    private static Step release(ClusterState cluster, HostSpec host, HostSurvey seen, StepMaker make) {
        String top = TreePlace.top(cluster.spec(), seen.base());
        List<String> named = new ArrayList<>();
        List<String> diff = new ArrayList<>();
        diff.add("- used by " + cluster.name());
        seen.archives().trees().entrySet().stream()
                .filter(tree ->
                        tree.getValue().ours() && tree.getValue().clusters().size() == 1)
                .filter(tree ->
                        tree.getValue().clusters().containsKey(cluster.uid().value()))
                .map(tree -> tree.getKey())
                .sorted()
                .forEach(version -> {
                    named.add(version);
                    diff.add("- " + top + "/" + version);
                });
        Action action = new TreeAction.Discard(
                make.onHost(host),
                seen.base(),
                cluster.uid().value(),
                cluster.name().value(),
                top,
                named);
        String title = named.isEmpty()
                ? "give up the Redis of archives on " + host.name()
                : "give up the Redis of archives on " + host.name() + ", and remove what nothing else uses";
        return new Step(host.name() + "/archive/release", title, diff, action);
    }
}
