package io.redfleet.contracts.cluster;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The record of the {@code clusters} topic; a tombstone means that the cluster is gone.
 *
 * @param revision counts accepted specs from 1; an update names the one it was made from
 * @param reason one sentence on the phase, for a person
 * @param applied the last revision that an operation put on the hosts to its end; 0: none yet, so that what answers at
 *     its addresses need not be its own; null: not known, the record is of an earlier release
 * @param agents by what the collector knows the Monits on its hosts that the provisioner runs; null: there are none
 * @param drift what was told last of a difference between its hosts and its spec; null: nothing ever was
 * @param looks what looks at its hosts show; null: there was none that is known, or nobody looks any more
 */
public record ClusterState(
        int schema,
        ClusterUid uid,
        long revision,
        Phase phase,
        String reason,
        Instant since,
        ClusterSpec spec,
        @Nullable Long applied,
        @Nullable MonitAgents agents,
        @Nullable Drift drift,
        @Nullable Looks looks) {
    public static final int SCHEMA = 1;

    /** One of which no look at its hosts is known. */
    public ClusterState(
            int schema,
            ClusterUid uid,
            long revision,
            Phase phase,
            String reason,
            Instant since,
            ClusterSpec spec,
            @Nullable Long applied,
            @Nullable MonitAgents agents,
            @Nullable Drift drift) {
        this(schema, uid, revision, phase, reason, since, spec, applied, agents, drift, null);
    }

    /** One whose hosts were never told to differ from its spec. */
    public ClusterState(
            int schema,
            ClusterUid uid,
            long revision,
            Phase phase,
            String reason,
            Instant since,
            ClusterSpec spec,
            @Nullable Long applied,
            @Nullable MonitAgents agents) {
        this(schema, uid, revision, phase, reason, since, spec, applied, agents, null, null);
    }

    /** Without a Monit on its hosts. */
    public ClusterState(
            int schema,
            ClusterUid uid,
            long revision,
            Phase phase,
            String reason,
            Instant since,
            ClusterSpec spec,
            @Nullable Long applied) {
        this(schema, uid, revision, phase, reason, since, spec, applied, null);
    }

    /** One of which it is not known what has been applied. */
    public ClusterState(
            int schema, ClusterUid uid, long revision, Phase phase, String reason, Instant since, ClusterSpec spec) {
        this(schema, uid, revision, phase, reason, since, spec, null);
    }

    public ClusterName name() {
        return spec.name();
    }

    public ClusterState in(Phase next, String why, Instant at) {
        return new ClusterState(schema, uid, revision, next, why, at, spec, applied, agents, drift, looks);
    }

    public ClusterState applied(long whole) {
        return new ClusterState(schema, uid, revision, phase, reason, since, spec, whole, agents, drift, looks);
    }

    /** @param known null: none is left on any host */
    public ClusterState with(@Nullable MonitAgents known) {
        return new ClusterState(schema, uid, revision, phase, reason, since, spec, applied, known, drift, looks);
    }

    /** @param said what is told from now on of a difference between its hosts and its spec */
    public ClusterState drifted(Drift said) {
        return new ClusterState(schema, uid, revision, phase, reason, since, spec, applied, agents, said, looks);
    }

    /** @param seen what looks at its hosts show from now on; null: nobody looks any more */
    public ClusterState looked(@Nullable Looks seen) {
        return new ClusterState(schema, uid, revision, phase, reason, since, spec, applied, agents, drift, seen);
    }

    /** Whether it has ever run as a whole, as far as the record knows. */
    public boolean stood() {
        return phase == Phase.READY || applied == null || applied > 0;
    }
}
