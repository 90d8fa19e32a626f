package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.provisioner.archive.BuildSurvey;
import io.redfleet.provisioner.survey.BuildJob;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The build of a cluster's Redis, for a spec that says {@code install: source} and hosts that lack it.
 *
 * <p>It alone is due then: what comes after it is foreseen, and planned anew once the archive lies on the provisioner. So it is
 * done under no lease, and minutes of a compiler keep no other cluster from the hosts.
 */
public final class BuildPlan {
    private static final String ID = "build/compile";

    private BuildPlan() {}

    /** Why nothing can be built; none where nothing has to be. */
    static List<Plan.Obstacle> obstacles(ClusterSurvey survey) {
        return survey.build() instanceof BuildSurvey.Unable unable
                ? List.of(new Plan.Obstacle(BuildJob.HOST, "source", unable.reason()))
                : List.of();
    }

    /** The plan, with the build before it where that has to come first. */
    static Plan before(Plan plan, ClusterState cluster, ClusterSurvey survey) {
        Optional<BuildJob> job = BuildJob.of(cluster.spec());
        if (job.isEmpty() || plan.stages().isEmpty() || !(survey.build() instanceof BuildSurvey.Ready ready)) {
            return plan;
        }
        List<List<Step>> stages = new ArrayList<>();
        stages.add(List.of(step(job.get(), ready, cluster, survey)));
        stages.addAll(plan.stages());
        return new Plan(
                stages,
                plan.obstacles(),
                plan.notes(),
                plan.open(),
                plan.refused(),
                plan.stages().size());
    }

    /** The step of a plan that builds and has to be done before all others; empty: it has none. */
    public static Optional<Step> due(Plan plan) {
        return plan.due().stream()
                .flatMap(List::stream)
                .filter(step -> step.action() instanceof TreeAction.Build)
                .findFirst();
    }

    /** Whether a step with that id builds, and touches no host of the cluster. */
    public static boolean isBuild(String step) {
        return step.equals(ID);
    }

    /** The stages of a plan as they are once all is built. */
    static List<List<Step>> without(List<List<Step>> stages) {
        return stages.stream()
                .filter(stage -> stage.stream().noneMatch(step -> step.action() instanceof TreeAction.Build))
                .toList();
    }

    private static Step step(BuildJob job, BuildSurvey.Ready ready, ClusterState cluster, ClusterSurvey survey) {
        ClusterSpec spec = cluster.spec();
        HostSpec host = spec.hosts().getFirst();
        HostSurvey seen = survey.hosts().get(host.name());
        // The archive is for all hosts alike; preflight has let none pass unseen.
        String base = seen == null ? host.directory() : seen.base();
        Action action = new TreeAction.Build(
                new StepMaker(spec, survey).onHost(host),
                base,
                cluster.uid().value(),
                cluster.name().value(),
                "",
                job);
        String where = job.access().user() + "@" + job.access().address();
        String title = ready.built()
                ? "fetch what was built of " + job.source().file() + " on " + where
                : "build Redis " + job.origin().version() + " of "
                        + job.source().file() + " on " + where + ", which takes minutes, and fetch it";
        List<String> diff = List.of(
                "+ of " + job.source().file() + " sha256:" + job.source().sha256());
        return new Step(ID, title, diff, action);
    }
}
