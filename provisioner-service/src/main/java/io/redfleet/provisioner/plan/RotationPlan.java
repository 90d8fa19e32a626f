package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.gate.SharedSentinel;
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
        if (!rotates(cluster)) {
            return steps;
        }
        for (HostSpec host : cluster.spec().hosts()) {
            for (Rotated each : rotated(cluster, survey, host)) {
                RotationFile file = each.file();
                SystemdSurvey.Rotation seen = each.seen();
                if (hindrance(seen, file).isEmpty() && !seen.hash().equals(file.hash())) {
                    String title = "let logrotate on " + host.name() + " know the logs by " + file.path();
                    List<String> diff = TextDiff.of(
                                    file.path(), seen.hash(), seen.text(), file.text(), survey.accounts())
                            .orElseGet(() -> List.of("+ " + file.path()));
                    steps.add(step(cluster, make, host, title, diff, each, file.text()));
                }
            }
        }
        return steps;
    }

    /** Hosts whose logs are not rotated, and why: that stands in the way of nothing, and hides no drift. */
    static List<Plan.Refused> refused(ClusterState cluster, ClusterSurvey survey) {
        List<Plan.Refused> refused = new ArrayList<>();
        if (!rotates(cluster)) {
            return refused;
        }
        for (HostSpec host : cluster.spec().hosts()) {
            for (Rotated each : rotated(cluster, survey, host)) {
                List<String> diff = List.of("+ " + each.file().path());
                hindrance(each.seen(), each.file())
                        .ifPresent(reason ->
                                refused.add(new Plan.Refused(host.name().value(), "logs", diff, reason)));
            }
        }
        return refused;
    }

    /** The log of an instance that somebody else built is its builder's. */
    private static boolean rotates(ClusterState cluster) {
        return cluster.spec().runsByInit() && !cluster.spec().adopted();
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
        if (!rotates(cluster)) {
            return steps;
        }
        for (HostSpec host : cluster.spec().hosts()) {
            for (Rotated each : rotated(cluster, survey, host)) {
                RotationFile file = each.file();
                boolean needed = each.shared() && serves(cluster, survey, host);
                if (!needed && each.seen().owner().equals(file.owner())) {
                    String title = "remove " + file.path() + " on " + host.name();
                    steps.add(step(cluster, make, host, title, List.of("- " + file.path()), each, ""));
                }
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
            Rotated rotated,
            String content) {
        Member first = cluster.spec().members().stream()
                .filter(member -> member.id().host().equals(host.name()))
                .findFirst()
                .orElseThrow();
        RotationFile file = rotated.file();
        Action action = new Action.Rotate(make.place(first), file.path(), file.owner(), content);
        String what = rotated.shared() ? "/logs/group" : "/logs/rotation";
        return new Step(host.name() + what, title, diff, action);
    }

    /** A file and what is there of it. */
    private record Rotated(RotationFile file, SystemdSurvey.Rotation seen, boolean shared) {}

    private static List<Rotated> rotated(ClusterState cluster, ClusterSurvey survey, HostSpec host) {
        HostSurvey found = survey.hosts().get(host.name());
        SystemdSurvey seen = found == null ? SystemdSurvey.NONE : found.systemd();
        List<Rotated> all = new ArrayList<>();
        if (RotationFile.hasOwn(cluster.spec(), host)) {
            all.add(new Rotated(RotationFile.of(cluster, host), seen.rotation(), false));
        }
        RotationFile.ofGroup(cluster.spec(), host).ifPresent(file -> all.add(new Rotated(file, seen.shared(), true)));
        return all;
    }

    /** Whether another cluster needs the Sentinels of that host. */
    private static boolean serves(ClusterState cluster, ClusterSurvey survey, HostSpec host) {
        return cluster.spec().members(InstanceRole.SENTINEL).stream()
                .filter(member -> member.id().host().equals(host.name()))
                .anyMatch(member -> !SharedSentinel.others(cluster.everywhere(), survey, member.id())
                        .isEmpty());
    }
}
