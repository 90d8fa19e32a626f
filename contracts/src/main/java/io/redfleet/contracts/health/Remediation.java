package io.redfleet.contracts.health;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The record of the {@code remediations} topic: an automatic action asked for. The provisioner looks again and may
 * withhold it.
 *
 * @param id derived from what was seen, so that the same request twice is one request
 * @param notAfter never carried out later than this by the provisioner's clock
 * @param term of the monitor that asks; one of an earlier term than the cluster's health is not carried out
 * @param exec what is to be run; null unless that is the action, and in a record of a release that runs nothing
 */
public record Remediation(
        String id,
        ClusterName cluster,
        ClusterUid uid,
        InstanceId instance,
        Action action,
        String reason,
        Evidence evidence,
        Instant askedAt,
        Instant notAfter,
        @Nullable Term term,
        @Nullable Exec exec) {
    public Remediation {
        // Records of releases without terms have none.
        term = Objects.requireNonNullElse(term, Term.NONE);
    }

    /** {@link Term#NONE} in a record of a release without terms. */
    @Override
    public Term term() {
        return Objects.requireNonNullElse(term, Term.NONE);
    }

    /** Not yet signed. */
    public Remediation(
            String id,
            ClusterName cluster,
            ClusterUid uid,
            InstanceId instance,
            Action action,
            String reason,
            Evidence evidence,
            Instant askedAt,
            Instant notAfter) {
        this(id, cluster, uid, instance, action, reason, evidence, askedAt, notAfter, Term.NONE, null);
    }

    public Remediation in(Term signed) {
        return new Remediation(id, cluster, uid, instance, action, reason, evidence, askedAt, notAfter, signed, exec);
    }

    /** The same, of a program. */
    public Remediation running(Exec what) {
        return new Remediation(id, cluster, uid, instance, action, reason, evidence, askedAt, notAfter, term, what);
    }

    /** What is asked for. */
    public enum Action {
        START,
        RESTART,
        /** By a rule, of what may be well; it passes the gate as a person's stop does that types no word. */
        STOP,
        /** Runs a program of the host's allow-list, by a rule; it changes no process. */
        EXEC
    }

    /**
     * A program that a rule names, and what it is told.
     *
     * @param program the path of an entry of the host's allow-list, without arguments
     * @param event what happened, in Monit's words
     * @param description what was found
     */
    public record Exec(String program, String event, String description) {
        public Exec {
            Objects.requireNonNull(program, "program");
            Objects.requireNonNull(event, "event");
            Objects.requireNonNull(description, "description");
        }
    }

    /**
     * What the monitor saw when it asked; any difference found on the host withholds the action.
     *
     * @param runId of the run that died or hangs; empty if it never answered
     * @param role what the instance last said it was
     * @param master whom the Sentinels named by majority; null if they named nobody
     * @param sentinelsSeeingDown how many Sentinels hold the instance for down; -1 when not asked
     * @param pid of its process, as the host showed it last; 0 if it showed none; null if the host said nothing, and in a
     *     record of a release that did not look
     * @param startTicks of that process, as in {@link io.redfleet.contracts.operation.ProcessFacts}; null with the pid
     */
    public record Evidence(
            Liveness liveness,
            String runId,
            ReplicationRole role,
            int configEpoch,
            @Nullable Endpoint master,
            int sentinelsSeeingDown,
            @Nullable Long pid,
            @Nullable Long startTicks) {

        /** Without the host's word on the process. */
        public Evidence(
                Liveness liveness,
                String runId,
                ReplicationRole role,
                int configEpoch,
                @Nullable Endpoint master,
                int sentinelsSeeingDown) {
            this(liveness, runId, role, configEpoch, master, sentinelsSeeingDown, null, null);
        }
    }
}
