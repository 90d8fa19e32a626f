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
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Redis where a spec wants Valkey, or the other way round. A package can bring the one under the other's name; and where one of
 * each would replicate, a full sync may be what its receiver cannot load.
 *
 * <p>A cluster all of which is the other one already is left as it is, for it was managed so before a spec had a word for it, and
 * an engine is for a cluster's life: nothing of it would replicate with anything else, and whatever its hosts start is the same.
 */
final class OtherEngine {
    private final Engine wanted;
    private final List<Plan.Obstacle> found = new ArrayList<>();
    /** What the hosts' binaries say that they are, and what answers. */
    private final Set<Engine> binaries = EnumSet.noneOf(Engine.class);

    private final Set<Engine> running = EnumSet.noneOf(Engine.class);
    /** Whether any that answers is one that was configured here before. */
    private boolean stands;

    private OtherEngine(Engine wanted) {
        this.wanted = wanted;
    }

    /** Of what would be started on each host, and of what runs there; what does not say what it is is none of them. */
    static List<Plan.Obstacle> obstacles(ClusterState cluster, ClusterSurvey survey) {
        OtherEngine other = of(cluster, survey);
        return other.wholly().isPresent() ? List.of() : other.found;
    }

    /** Of a cluster that is the other one as a whole. */
    static List<String> notes(ClusterState cluster, ClusterSurvey survey) {
        OtherEngine other = of(cluster, survey);
        return other.wholly().stream()
                .map(is -> "all of it is " + is.title() + other.wantedIs() + ": it is left so")
                .toList();
    }

    private static OtherEngine of(ClusterState cluster, ClusterSurvey survey) {
        OtherEngine other = new OtherEngine(Engine.of(cluster.spec().redis()));
        for (HostSpec host : cluster.spec().hosts()) {
            HostSurvey seen = survey.hosts().get(host.name());
            if (seen != null) {
                other.binary(host.name(), seen);
                host.instances().forEach(instance -> other.instance(host.name(), instance, seen));
            }
        }
        return other;
    }

    /** What all of it is that says anything, hosts and instances, if that is not what is wanted. */
    private Optional<Engine> wholly() {
        return stands && running.size() == 1 && running.equals(binaries)
                ? running.stream().filter(is -> is != wanted).findFirst()
                : Optional.empty();
    }

    private void binary(HostName host, HostSurvey seen) {
        Engine.named(seen.engine()).ifPresent(is -> {
            binaries.add(is);
            if (is != wanted) {
                found.add(new Plan.Obstacle(
                        host.value(), seen.binary(), "is " + is.title() + " " + seen.version() + wantedIs()));
            }
        });
    }

    private void instance(HostName host, InstanceSpec instance, HostSurvey seen) {
        InstanceSurvey one = seen.instances().get(InstanceId.of(host, instance.name()));
        Optional<Engine> runs = one == null || !one.answers() ? Optional.empty() : one.engine();
        runs.ifPresent(running::add);
        if (one != null && runs.isPresent()) {
            stands |= one.configured();
        }
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
