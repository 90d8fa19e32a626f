package io.redfleet.provisioner.plan;

import io.redfleet.provisioner.survey.ClusterSurvey;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What else differs where nothing but a version that is installed is in the way. No apply ends such an obstacle, so it stands for
 * long and would hide the rest. That is said, and not done.
 */
final class Beside {
    private static final int SHOWN = 20;

    private Beside() {}

    /**
     * Lines for a person; none where something else is in the way, or not all is known that a plan needs.
     *
     * @param rest the plan of hosts on which nothing is in the way
     */
    static List<String> notes(PackagePlan packages, List<Plan.Obstacle> obstacles, Function<ClusterSurvey, Plan> rest) {
        List<String> versions =
                packages.refused().stream().map(Plan.Refused::reason).toList();
        ClusterSurvey hosts = packages.foreseen();
        boolean known =
                hosts.hosts().values().stream().noneMatch(host -> host.version().isEmpty());
        if (!known
                || packages.unlisted().isPresent()
                || !obstacles.stream().map(Plan.Obstacle::reason).allMatch(versions::contains)) {
            return List.of();
        }
        Plan others = rest.apply(hosts);
        List<String> all = new ArrayList<>();
        others.steps().stream().filter(step -> !step.waits()).forEach(step -> all.add(step.id() + ": " + step.title()));
        others.refused().stream()
                .filter(refused -> !versions.contains(refused.reason()))
                .forEach(refused -> all.add(refused.host() + ": " + refused.subject() + ": " + refused.reason()));
        List<String> notes = new ArrayList<>();
        all.stream().limit(SHOWN).forEach(line -> notes.add("differs too, and is not done: " + line));
        if (all.size() > SHOWN) {
            notes.add("differs too, and is not done: " + (all.size() - SHOWN) + " more");
        }
        return notes;
    }
}
