package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.provisioner.engine.Engine;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Redis where a spec wants Valkey, or the other way round. A package can bring the one under the other's name; and where one of
 * each would replicate, a full sync may be what its receiver cannot load.
 */
final class OtherEngine {
    private final Engine wanted;
    private final List<Plan.Obstacle> found = new ArrayList<>();

    private OtherEngine(Engine wanted) {
        this.wanted = wanted;
    }

    /** Of what would be started on each host, and of what runs there; what does not say what it is is none of them. */
    static List<Plan.Obstacle> obstacles(ClusterState cluster, ClusterSurvey survey) {
        OtherEngine other = new OtherEngine(Engine.of(cluster.spec().redis()));
        for (HostSpec host : cluster.spec().hosts()) {
            HostSurvey seen = survey.hosts().get(host.name());
            if (seen != null) {
                other.binary(host.name(), seen);
                host.instances().forEach(instance -> other.instance(host.name(), instance, seen));
            }
        }
        return other.found;
    }

    private void binary(HostName host, HostSurvey seen) {
        Engine.named(seen.engine())
                .filter(is -> is != wanted)
                .ifPresent(is -> found.add(new Plan.Obstacle(
                        host.value(), seen.binary(), "is " + is.title() + " " + seen.version() + wantedIs())));
    }

    private void instance(HostName host, InstanceSpec instance, HostSurvey seen) {
        InstanceSurvey one = seen.instances().get(InstanceId.of(host, instance.name()));
        Optional<Engine> runs = one == null || !one.answers() ? Optional.empty() : one.engine();
        if (one != null && runs.isPresent() && runs.get() != wanted) {
            String what = "runs " + runs.get().title() + " " + one.version();
            found.add(new Plan.Obstacle(
                    host.value(), instance.name(), what + wantedIs() + ": neither loads all that the other writes"));
        }
    }

    private String wantedIs() {
        return ", and spec.redis.engine is " + wanted.word();
    }
}
