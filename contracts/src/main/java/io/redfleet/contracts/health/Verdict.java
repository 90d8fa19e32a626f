package io.redfleet.contracts.health;

import io.redfleet.contracts.cluster.Endpoint;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The judgment on a cluster's topology: one word of a closed vocabulary and a sentence.
 *
 * @param master who the Sentinels name by majority; null while they name nobody or disagree
 */
public record Verdict(
        Diagnosis diagnosis,
        String reason,
        Instant since,
        @Nullable Endpoint master,
        int configEpoch) {
    /** The vocabulary. */
    public enum Diagnosis {
        /** Not enough has been seen yet. */
        UNKNOWN,
        HEALTHY,
        /** Everything that serves is there; something that should stand by is not. */
        DEGRADED,
        /** The master does not answer and no failover has begun. */
        MASTER_SILENT,
        /** Sentinel is changing masters. */
        FAILING_OVER,
        /** The Sentinels that answer cannot reach quorum or majority: no failover is possible. */
        QUORUM_LOST,
        /** The Sentinels name different masters. */
        SENTINELS_DISAGREE,
        /** Two nodes take writes. */
        SPLIT_BRAIN
    }
}
