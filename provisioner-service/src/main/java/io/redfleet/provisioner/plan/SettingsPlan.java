package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.recipe.RedisConf;
import io.redfleet.provisioner.recipe.SentinelConf;
import io.redfleet.provisioner.survey.InstanceSurvey;
import java.util.List;
import java.util.Map;

/** Settings of an instance that runs, which are set while it does. */
final class SettingsPlan {
    private SettingsPlan() {}

    static List<Step> drift(ClusterSpec spec, StepMaker make, Member member, InstanceSurvey seen) {
        if (!seen.answers()) {
            return List.of();
        }
        if (member.role() == InstanceRole.SENTINEL) {
            // One that has lost its master is given all of them with it; of one that says nothing of it nothing is
            // known.
            boolean unknown = !seen.master().containsKey("ip") || LostMaster.lost(seen);
            Map<String, String> drift =
                    unknown ? Map.of() : SentinelConf.toSet(spec, seen, version(spec, member, seen));
            return drift.isEmpty() ? List.of() : List.of(make.sentinelSet(member, drift, seen));
        }
        Map<String, String> drift = RedisConf.drift(spec, make.place(member), seen);
        drift.remove("appendonly");
        return drift.isEmpty() ? List.of() : List.of(make.configSet(member, drift, seen));
    }

    /** As {@link SentinelConf#settings} has it. */
    static String version(ClusterSpec spec, Member sentinel, InstanceSurvey seen) {
        return spec.at(sentinel.id()).isPresent() ? "" : seen.version();
    }
}
