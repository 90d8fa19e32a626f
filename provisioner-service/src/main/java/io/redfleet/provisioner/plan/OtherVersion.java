package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Instances that run by another Redis than lies there for them, of a cluster whose versions lie beside each other. They go on by
 * theirs: to move them is a rolling restart, which no apply is.
 */
final class OtherVersion {
    private static final Pattern VERSION = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){0,3}");

    private OtherVersion() {}

    static List<Plan.Refused> refused(ClusterState cluster, ClusterSurvey survey) {
        List<Plan.Refused> refused = new ArrayList<>();
        if (!cluster.spec().redis().archived()) {
            return refused;
        }
        String wanted = cluster.spec().redis().version();
        for (Member member : cluster.spec().members()) {
            HostSurvey host = survey.hosts().get(member.id().host());
            InstanceSurvey seen = host == null ? null : host.instances().get(member.id());
            if (host == null || seen == null || !seen.answers()) {
                continue;
            }
            String runs = seen.info("redis_version");
            if (!runs.isEmpty() && !runs.equals(wanted)) {
                String lies = ArchivePlan.stands(cluster, host) ? " is installed" : " will be installed";
                String reason = "runs " + runs + ", " + wanted + lies + " beside it; a rolling restart moves it";
                List<String> diff = List.of("- redis " + runs, "+ redis " + wanted);
                refused.add(
                        new Plan.Refused(member.id().host().value(), member.id().value(), diff, reason));
            }
        }
        return refused;
    }

    /** New data nodes that could not read what those that run write: a Redis reads no data of a later one. */
    static List<Plan.Obstacle> obstacles(ClusterState cluster, ClusterSurvey survey) {
        List<Plan.Obstacle> found = new ArrayList<>();
        String wanted = cluster.spec().redis().version();
        List<Member> data = cluster.spec().members(InstanceRole.REDIS);
        Optional<String> later = data.stream()
                .flatMap(member -> survey.instance(member.id()).stream())
                .filter(InstanceSurvey::answers)
                .map(seen -> seen.info("redis_version"))
                .filter(runs -> Arrays.compare(numbers(wanted), numbers(runs)) < 0)
                .findFirst();
        if (later.isEmpty()) {
            return found;
        }
        for (Member member : data) {
            Optional<InstanceSurvey> fresh = survey.instance(member.id()).filter(seen -> !seen.configured());
            if (fresh.isPresent()) {
                String reason = "is new and would run " + wanted + ", which cannot read the data of " + later.get()
                        + " that others run: say that version in spec.redis.version";
                found.add(new Plan.Obstacle(
                        member.id().host().value(), member.id().name(), reason));
            }
        }
        return found;
    }

    /** None of what is no version, which is then later than nothing. */
    private static int[] numbers(String version) {
        return VERSION.matcher(version).matches()
                ? Arrays.stream(version.split("\\.", -1))
                        .mapToInt(Integer::parseInt)
                        .toArray()
                : new int[0];
    }
}
