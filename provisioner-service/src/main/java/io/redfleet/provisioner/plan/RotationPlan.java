package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.recipe.RotationFile;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.SystemdSurvey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rotation of logs of a cluster whose instances init runs, as redis; nothing of one whose it does not. */
final class RotationPlan {
    private RotationPlan() {}

    static List<Step> wanted(ClusterState cluster, ClusterSurvey survey, StepMaker make) {
        List<Step> steps = new ArrayList<>();
        if (!cluster.spec().runsByInit()) {
            return steps;
        }
        for (HostSpec host : cluster.spec().hosts()) {
            RotationFile file = RotationFile.of(cluster, host);
            SystemdSurvey.Rotation seen = seen(survey, host);
            if (hindrance(seen, file).isEmpty() && !seen.hash().equals(file.hash())) {
                String title = "let logrotate on " + host.name() + " know the logs by " + file.path();
                List<String> diff = TextDiff.of(file.path(), seen.hash(), seen.text(), file.text(), survey.accounts())
                        .orElseGet(() -> List.of("+ " + file.path()));
                steps.add(step(cluster, make, host, title, diff, file, file.text()));
            }
        }
        return steps;
    }

    /** Hosts whose logs are not rotated, and why: that stands in the way of nothing, and hides no drift. */
    static List<Plan.Refused> refused(ClusterState cluster, ClusterSurvey survey) {
        List<Plan.Refused> refused = new ArrayList<>();
        if (!cluster.spec().runsByInit()) {
            return refused;
        }
        for (HostSpec host : cluster.spec().hosts()) {
            RotationFile file = RotationFile.of(cluster, host);
            hindrance(seen(survey, host), file)
                    .ifPresent(reason -> refused.add(
                            new Plan.Refused(host.name().value(), "logs", List.of("+ " + file.path()), reason)));
        }
        return refused;
    }

    private static Optional<String> hindrance(SystemdSurvey.Rotation seen, RotationFile file) {
        if (!seen.possible()) {
            return Optional.of("logs are not rotated: there is no " + RotationFile.DIRECTORY);
        }
        return seen.present() && !seen.owner().equals(file.owner())
                ? Optional.of("logs are not rotated: " + file.path() + " is not of this cluster, and is left alone")
                : Optional.empty();
    }

    /** The end of what is ours. */
    static List<Step> ended(ClusterState cluster, ClusterSurvey survey, StepMaker make) {
        List<Step> steps = new ArrayList<>();
        if (!cluster.spec().runsByInit()) {
            return steps;
        }
        for (HostSpec host : cluster.spec().hosts()) {
            RotationFile file = RotationFile.of(cluster, host);
            if (seen(survey, host).owner().equals(file.owner())) {
                String title = "remove " + file.path() + " on " + host.name();
                steps.add(step(cluster, make, host, title, List.of("- " + file.path()), file, ""));
            }
        }
        return steps;
    }

    /** In the place of the host's first instance. */
    private static Step step(
            ClusterState cluster,
            StepMaker make,
            HostSpec host,
            String title,
            List<String> diff,
            RotationFile file,
            String content) {
        Member first = cluster.spec().members().stream()
                .filter(member -> member.id().host().equals(host.name()))
                .findFirst()
                .orElseThrow();
        Action action = new Action.Rotate(make.place(first), file.path(), file.owner(), content);
        return new Step(host.name() + "/logs/rotation", title, diff, action);
    }

    private static SystemdSurvey.Rotation seen(ClusterSurvey survey, HostSpec host) {
        HostSurvey seen = survey.hosts().get(host.name());
        return seen == null ? SystemdSurvey.Rotation.NONE : seen.systemd().rotation();
    }
}
