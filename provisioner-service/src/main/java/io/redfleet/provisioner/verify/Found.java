package io.redfleet.provisioner.verify;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * All that was found of a cluster.
 *
 * @param evidence by host and instance
 * @param silent why nothing is known of a host; a host is here, or in the survey and in {@code evidence}
 */
public record Found(
        ClusterSurvey survey, Map<HostName, Map<InstanceId, Evidence>> evidence, Map<HostName, String> silent) {
    public Found {
        evidence = Map.copyOf(evidence);
        Map<HostName, String> all = new HashMap<>(silent);
        survey.unreached().forEach((host, failed) -> all.putIfAbsent(host, failed.reason()));
        silent = Map.copyOf(all);
    }

    /** Empty when the host said both what a survey asks for and what a verification does. */
    Optional<String> silence(HostName host) {
        String why = silent.get(host);
        if (why != null) {
            return Optional.of(why);
        }
        return survey.hosts().containsKey(host) && evidence.containsKey(host)
                ? Optional.empty()
                : Optional.of("it was not asked");
    }

    Evidence of(InstanceId id) {
        return evidence.getOrDefault(id.host(), Map.of()).getOrDefault(id, Evidence.NONE);
    }

    /** What was found of the data node that most Sentinels name. */
    Optional<InstanceSurvey> master(ClusterSpec spec) {
        return leader(spec).flatMap(member -> survey.instance(member.id()));
    }

    Optional<Member> leader(ClusterSpec spec) {
        Optional<Endpoint> named = survey.namedMaster(spec);
        return spec.members(InstanceRole.REDIS).stream()
                .filter(member -> named.equals(Optional.of(member.announce())))
                .findFirst();
    }
}
