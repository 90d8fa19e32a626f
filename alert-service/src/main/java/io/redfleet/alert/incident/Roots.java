package io.redfleet.alert.incident;

import static io.redfleet.alert.incident.TroubleKind.CHECK_FAILED;
import static io.redfleet.alert.incident.TroubleKind.FAILOVER;
import static io.redfleet.alert.incident.TroubleKind.HOST_UNREACHABLE;
import static io.redfleet.alert.incident.TroubleKind.INSTANCE_DOWN;
import static io.redfleet.alert.incident.TroubleKind.MASTER_DOWN;
import static io.redfleet.alert.incident.TroubleKind.REPLICA_BROKEN;
import static io.redfleet.alert.incident.TroubleKind.RESTART_FAILED;
import static io.redfleet.alert.incident.TroubleKind.SENTINELS_DISAGREE;

import io.redfleet.contracts.alert.Severity;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Which trouble is a consequence of which case, so that one cause is one incident.
 *
 * <p>While a cluster is without its master, or changing it, its members' downs and broken links belong to that story.
 * Afterwards they do not: a replica that dies days later, while the old master is still in repair, is its own incident.
 * A host that is gone explains what ran on it; an instance that is gone explains its failed checks and restarts.
 */
final class Roots {
    private static final Set<TroubleKind> IN_A_CHANGE_OF_MASTER =
            kinds(INSTANCE_DOWN, FAILOVER, REPLICA_BROKEN, SENTINELS_DISAGREE);
    private static final Set<TroubleKind> OF_AN_INSTANCE = kinds(CHECK_FAILED, RESTART_FAILED, REPLICA_BROKEN);
    private static final Set<TroubleKind> ON_A_HOST =
            kinds(INSTANCE_DOWN, CHECK_FAILED, RESTART_FAILED, REPLICA_BROKEN);

    private Roots() {}

    /**
     * Whether {@code trouble} needs no incident of its own.
     *
     * @param asCause what its own incident would be called
     */
    static boolean explains(Case root, Trouble trouble, Trouble asCause) {
        TroubleKind kind = root.cause().kind();
        if (root.cause().equals(asCause)) {
            return true;
        }
        if (kind == MASTER_DOWN || kind == FAILOVER) {
            return (acute(root) && IN_A_CHANGE_OF_MASTER.contains(trouble.kind())) || samePlace(root, trouble);
        }
        if (kind == HOST_UNREACHABLE) {
            // A lost master is never inhibited: it is the louder story, and takes the host's into itself.
            return asCause.kind() != MASTER_DOWN
                    && ON_A_HOST.contains(trouble.kind())
                    && trouble.host().equals(root.cause().on());
        }
        return kind == INSTANCE_DOWN && samePlace(root, trouble);
    }

    private static boolean acute(Case root) {
        return root.waitsFor(Trouble.of(FAILOVER)) || root.incident().severity() == Severity.CRITICAL;
    }

    /** It is about an instance that the case waits for, or about the host of the one that gave a master case its name. */
    private static boolean samePlace(Case root, Trouble trouble) {
        if (trouble.kind() == HOST_UNREACHABLE) {
            return root.cause().kind() != INSTANCE_DOWN
                    && root.open().keySet().stream()
                            .anyMatch(open ->
                                    open.kind() == INSTANCE_DOWN && open.host().equals(trouble.on()));
        }
        return OF_AN_INSTANCE.contains(trouble.kind()) && root.waitsFor(new Trouble(INSTANCE_DOWN, trouble.place()));
    }

    private static Set<TroubleKind> kinds(TroubleKind first, TroubleKind... rest) {
        return Collections.unmodifiableSet(EnumSet.of(first, rest));
    }
}
