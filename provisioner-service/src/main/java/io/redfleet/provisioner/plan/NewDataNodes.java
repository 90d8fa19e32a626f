package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** New data nodes of a cluster whose Redis comes out of archives, of which several versions can run at a time. */
final class NewDataNodes {
    private static final Pattern VERSION = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){0,3}");

    private NewDataNodes() {}

    /** Those that could not read what the ones that run write: a Redis reads no data of a later one. */
    static List<Plan.Obstacle> obstacles(ClusterState cluster, ClusterSurvey survey) {
        List<Plan.Obstacle> found = new ArrayList<>();
        String wanted = cluster.spec().redis().version();
        List<Member> data = cluster.spec().members(InstanceRole.REDIS);
        Optional<String> later = data.stream()
                .flatMap(member -> survey.instance(member.id()).stream())
                .filter(InstanceSurvey::answers)
                .map(InstanceSurvey::version)
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
