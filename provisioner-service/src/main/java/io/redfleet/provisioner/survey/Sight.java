package io.redfleet.provisioner.survey;

import io.redfleet.contracts.cluster.HostName;
import java.time.Instant;
import java.util.Map;

/**
 * A survey, and what it has brought along.
 *
 * @param at when it was begun
 * @param also by host, the answer to what went along; a host that was not asked, or not to the end, is missing
 */
public record Sight(ClusterSurvey survey, Instant at, Map<HostName, Reply> also) {
    public Sight {
        also = Map.copyOf(also);
    }

    /** Of a survey that nothing went along with. */
    public static Sight of(ClusterSurvey survey, Instant at) {
        return new Sight(survey, at, Map.of());
    }
}
