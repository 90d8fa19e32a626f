package io.redfleet.contracts.cluster;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
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
 * @param leaving what its spec names no more and is still to be taken out of it; null: nothing
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
        @Nullable Looks looks,
        @Nullable List<Leaving> leaving) {
    public static final int SCHEMA = 1;

    /** Begins the reason of one that is {@link Phase#FAILED} because its removal has failed. */
    public static final String REMOVAL = "removal: ";

    public ClusterState {
        leaving = leaving == null || leaving.isEmpty() ? null : List.copyOf(leaving);
    }

    /** One of which no look at its hosts is known, and that nobody leaves. */
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
        this(schema, uid, revision, phase, reason, since, spec, applied, agents, drift, null, null);
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
        this(schema, uid, revision, phase, reason, since, spec, applied, agents, null);
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
        return new ClusterState(schema, uid, revision, next, why, at, spec, applied, agents, drift, looks, leaving);
    }

    public ClusterState applied(long whole) {
        return new ClusterState(
                schema, uid, revision, phase, reason, since, spec, whole, agents, drift, looks, leaving);
    }

    /** @param known null: none is left on any host */
    public ClusterState with(@Nullable MonitAgents known) {
        return new ClusterState(
                schema, uid, revision, phase, reason, since, spec, applied, known, drift, looks, leaving);
    }

    /** @param said what is told from now on of a difference between its hosts and its spec */
    public ClusterState drifted(Drift said) {
        return new ClusterState(
                schema, uid, revision, phase, reason, since, spec, applied, agents, said, looks, leaving);
    }

    /** @param seen what looks at its hosts show from now on; null: nobody looks any more */
    public ClusterState looked(@Nullable Looks seen) {
        return new ClusterState(
                schema, uid, revision, phase, reason, since, spec, applied, agents, drift, seen, leaving);
    }

    /** Whether it has ever run as a whole, as far as the record knows. */
    public boolean stood() {
        return phase == Phase.READY || applied == null || applied > 0;
    }

    /**
     * Whether its hosts are to be as its spec says, as far as the record knows, while nobody works on it: also of one whose last
     * apply failed, if it has ever stood. Of one whose removal failed what is left is no difference that anybody would undo.
     */
    public boolean compared() {
        return switch (phase) {
            case READY -> applied == null || applied == revision;
            case FAILED -> stood() && !reason.startsWith(REMOVAL);
            case ACCEPTED, PROVISIONING, REMOVING -> false;
        };
    }

    /** @param still none: whoever was to leave is gone */
    public ClusterState leftBy(List<Leaving> still) {
        return new ClusterState(
                schema, uid, revision, phase, reason, since, spec, applied, agents, drift, looks, still);
    }

    /** The same cluster, of other members. */
    public ClusterState over(ClusterSpec other) {
        return new ClusterState(
                schema, uid, revision, phase, reason, since, other, applied, agents, drift, looks, leaving);
    }

    /** Never null, whatever the record lacked. */
    public List<Leaving> leavers() {
        return leaving == null ? List.of() : leaving;
    }

    /** Whether it is known that this host is lost for good. */
    public boolean lost(HostName host) {
        return leavers().stream()
                .anyMatch(leaver -> leaver.lost() && leaver.host().name().equals(host));
    }

    /** Its members, and all that leave, lost or not. */
    public ClusterSpec everywhere() {
        return spec.joined(leavers().stream().map(Leaving::host).toList());
    }

    /** As if those that leave, and are not lost, were members still. */
    public ClusterState reunited() {
        List<HostSpec> there = leavers().stream()
                .filter(leaver -> !leaver.lost())
                .map(Leaving::host)
                .toList();
        return over(spec.joined(there))
                .leftBy(leavers().stream().filter(Leaving::lost).toList());
    }

    /**
     * All on which there may be something of it to do: its own, and those that leave and are not lost. A host of which only
     * a part leaves is here twice, with what stays and with all.
     */
    public List<HostSpec> ground() {
        return Stream.concat(spec.hosts().stream(), reunited().spec().hosts().stream())
                .distinct()
                .toList();
    }
}
