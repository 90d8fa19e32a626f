package io.redfleet.provisioner.survey;

import io.redfleet.contracts.cluster.Endpoint;
import java.util.Map;

/** What one host says of the ways that lead from it. */
public sealed interface WaysHeard {

    /** @param answers of each endpoint that was asked for */
    record Told(Map<Endpoint, WayAnswer> answers) implements WaysHeard {
        public Told {
            answers = Map.copyOf(answers);
        }
    }

    /** It has nothing by which a connection could be begun. */
    record Unable() implements WaysHeard {}

    /** It could not be asked, or did not come to an end. */
    record Untold(String reason) implements WaysHeard {}
}
