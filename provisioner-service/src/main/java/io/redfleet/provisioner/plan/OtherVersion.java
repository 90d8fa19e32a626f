package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import java.util.ArrayList;
import java.util.List;

/**
 * Instances that run by another Redis than lies there for them, of a cluster whose versions lie beside each other. They go on by
 * theirs: to move them is a rolling restart, which no apply is.
 */
final class OtherVersion {
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
}
