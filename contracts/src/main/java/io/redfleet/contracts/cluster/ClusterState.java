package io.redfleet.contracts.cluster;

import java.time.Instant;

/**
 * The record of the {@code clusters} topic; a tombstone means that the cluster is gone.
 *
 * @param revision counts accepted specs from 1; an update names the one it was made from
 * @param reason one sentence on the phase, for a person
 */
public record ClusterState(
        int schema, ClusterUid uid, long revision, Phase phase, String reason, Instant since, ClusterSpec spec) {
    public static final int SCHEMA = 1;

    public ClusterName name() {
        return spec.name();
    }

    public ClusterState in(Phase next, String why, Instant at) {
        return new ClusterState(schema, uid, revision, next, why, at, spec);
    }
}
