package io.redfleet.alert.incident;

import io.redfleet.contracts.alert.Severity;
import java.util.Arrays;

/** What can be wrong, with its word in {@code cause} and how loud it is by itself. */
public enum TroubleKind {
    /** The cluster has no master that answers. Names a cause only: what is broken is the instance. */
    MASTER_DOWN("masterDown", Severity.CRITICAL),
    FAILOVER("failover", Severity.WARNING),
    INSTANCE_DOWN("instanceDown", Severity.WARNING),
    HOST_UNREACHABLE("hostUnreachable", Severity.WARNING),
    HOST_KEY_CHANGED("hostKeyChanged", Severity.CRITICAL),
    QUORUM_LOST("quorumLost", Severity.CRITICAL),
    SPLIT_BRAIN("splitBrain", Severity.CRITICAL),
    SENTINELS_DISAGREE("sentinelsDisagree", Severity.WARNING),
    /** On an address and the other cluster that has it: the data of one of them may be lost. */
    CONFLICT("conflict", Severity.CRITICAL),
    REPLICA_BROKEN("replicaBroken", Severity.WARNING),
    CHECK_FAILED("checkFailed", Severity.WARNING),
    RESTART_FAILED("restartFailed", Severity.WARNING),
    /** Nobody looks after the instance any more until a person says so: the loudest thing Monit can say. */
    RESTART_LIMIT("restartLimit", Severity.CRITICAL),
    /** By its rule, and nobody watches it any more until a person says so. */
    STOPPED_BY_RULE("stoppedByRule", Severity.WARNING),
    /** Nobody looks at the cluster: its record cannot be read. */
    UNWATCHED("unwatched", Severity.CRITICAL),
    /** Nothing is done on the cluster's hosts: its record cannot be read. */
    PARKED("parked", Severity.WARNING),
    OPERATION_FAILED("operationFailed", Severity.WARNING),
    /** The hosts are not as the spec says, and nothing will change that until a person applies it. */
    DRIFT("drift", Severity.WARNING),
    FLEET_DISARMED("fleetDisarmed", Severity.CRITICAL),
    /** On a label: nothing automatic is done in clusters that bear it, which a person wished. */
    LABEL_DISARMED("labelDisarmed", Severity.WARNING),
    TILT("tilt", Severity.WARNING);

    private final String word;
    private final Severity severity;

    TroubleKind(String word, Severity severity) {
        this.word = word;
        this.severity = severity;
    }

    public String word() {
        return word;
    }

    public Severity severity() {
        return severity;
    }

    /** The opposite of {@link #word()}; any other word is a fault of what was stored. */
    public static TroubleKind ofWord(String word) {
        return Arrays.stream(values())
                .filter(kind -> kind.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such cause: " + word));
    }
}
