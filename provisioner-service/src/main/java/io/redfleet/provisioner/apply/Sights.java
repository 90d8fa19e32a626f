package io.redfleet.provisioner.apply;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.survey.Also;
import io.redfleet.provisioner.survey.Sight;
import io.redfleet.provisioner.survey.Surveyor;
import io.redfleet.provisioner.survey.WaysHeard;
import io.redfleet.provisioner.verify.Verifier;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The looks of an apply. One that may well find nothing left to do takes the questions of the verification along, which are then
 * asked anyway: a session less on each host, where it does, and a wasted question, where it does not.
 */
final class Sights {
    /** So long after a look the ways that it found free are not asked for again. */
    private static final Duration WAYS_COUNT = Duration.ofSeconds(20);

    private final Surveyor surveyor;
    private final Verifier verifier;

    Sights(Surveyor surveyor, Verifier verifier) {
        this.surveyor = surveyor;
        this.verifier = verifier;
    }

    /** Before any lease. A cluster that stands is often as it is wanted. */
    Sight before(ClusterState cluster) {
        Long applied = cluster.applied();
        return surveyor.sightToBring(cluster, verification(cluster, applied != null && applied > 0), Map.of());
    }

    /**
     * Under the leases.
     *
     * @param last whether it may be the last one
     * @param ways that were heard of a moment ago
     */
    Sight under(ClusterState cluster, boolean last, Map<HostName, WaysHeard> ways) {
        return surveyor.sightToBring(cluster, verification(cluster, last), ways);
    }

    /**
     * The ways that a look before the leases has heard of, if they still count: what was in the way is asked for again, what was
     * free is believed for a moment.
     */
    Map<HostName, WaysHeard> ways(Sight before, Plan first) {
        Instant until = before.at().plus(WAYS_COUNT);
        return first.obstacles().isEmpty() && surveyor.now().isBefore(until)
                ? before.survey().ways()
                : Map.of();
    }

    private Optional<Also> verification(ClusterState cluster, boolean likely) {
        return likely ? Optional.of(verifier.question(cluster.spec())) : Optional.empty();
    }
}
