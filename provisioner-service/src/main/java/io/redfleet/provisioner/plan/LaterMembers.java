package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.packages.HostPackages.Moved;
import io.redfleet.provisioner.packages.Release;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * New members of a cluster that waits for another version: they would run it at once, beside older ones that do not. Once such a
 * one leads, what it sends the older ones do not load. Who agrees to restarts ends that in the same operation.
 */
final class LaterMembers {
    private LaterMembers() {}

    /**
     * Why members are not made by packages, where nobody agreed to restarts.
     *
     * @param foreseen the hosts as they are once the packages are there
     * @param moved what is to take another version's place, by host
     */
    static List<Plan.Obstacle> obstacles(
            ClusterState cluster, ClusterSurvey foreseen, Map<HostName, Moved> moved, Restarts restarts) {
        return restarts instanceof Restarts.None && cluster.spec().redis().packaged()
                ? found(cluster, foreseen, moved, "packages")
                : List.of();
    }

    /** The same of archives, which lie beside each other: said, and not refused. */
    static List<Plan.Obstacle> warnings(ClusterState cluster, ClusterSurvey survey) {
        return cluster.spec().redis().archived()
                ? found(cluster, ArchivePlan.foreseen(cluster, survey), Map.of(), "archive")
                : List.of();
    }

    private static List<Plan.Obstacle> found(
            ClusterState cluster, ClusterSurvey survey, Map<HostName, Moved> moved, String subject) {
        Map<String, String> standing = standing(cluster, survey, moved);
        List<Plan.Obstacle> found = new ArrayList<>();
        for (HostSpec host : cluster.spec().hosts()) {
            HostSurvey seen = survey.hosts().get(host.name());
            Optional<InstanceId> fresh = seen == null ? Optional.empty() : fresh(host, seen);
            if (seen == null || fresh.isEmpty()) {
                continue;
            }
            String would = seen.version();
            String who = fresh.get().name();
            standing.entrySet().stream()
                    .filter(other -> Release.older(other.getValue(), would))
                    .findFirst()
                    .map(other -> reason(who, would, other))
                    .ifPresent(reason -> found.add(new Plan.Obstacle(host.name().value(), subject, reason)));
        }
        return found;
    }

    private static String reason(String who, String would, Map.Entry<String, String> other) {
        return "apply --rolling: a new member, " + who + ", would run " + would + " beside " + other.getValue() + " of "
                + other.getKey() + ", and only a restart brings the others to it";
    }

    /** What the members run that stand, and what the hosts have whose packages are to change: by whom, for a person. */
    private static Map<String, String> standing(
            ClusterState cluster, ClusterSurvey survey, Map<HostName, Moved> moved) {
        Map<String, String> standing = new LinkedHashMap<>();
        for (Member member : cluster.spec().members()) {
            survey.instance(member.id())
                    .filter(InstanceSurvey::answers)
                    .ifPresent(seen -> standing.put(member.id().value(), seen.version()));
        }
        moved.forEach((name, change) -> standing.put("the packages of " + name, change.before()));
        return standing;
    }

    /** The first instance there that has no configuration yet. */
    private static Optional<InstanceId> fresh(HostSpec host, HostSurvey seen) {
        for (InstanceSpec instance : host.instances()) {
            InstanceId id = InstanceId.of(host.name(), instance.name());
            InstanceSurvey found = seen.instances().get(id);
            if (found == null || !found.configured()) {
                return Optional.of(id);
            }
        }
        return Optional.empty();
    }
}
