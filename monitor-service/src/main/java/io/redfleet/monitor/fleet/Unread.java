package io.redfleet.monitor.fleet;

import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.wire.Position;
import org.jspecify.annotations.Nullable;

/**
 * Why a cluster cannot be watched: a record that its watch stands on and that cannot be read, or a fault of the watch itself.
 *
 * @param at where the record lies; {@link #NO_RECORD} if none is at fault
 * @param uid as far as it could be made out; null if it could not
 * @param ours whether it is of the monitor's own keeping, and of a later release: then nothing may be written over it
 */
public record Unread(Position at, @Nullable ClusterUid uid, String why, boolean ours) {
    static final Position NO_RECORD = new Position("", -1, -1);

    /** All that is on the bus can be read, and its watch fails all the same. */
    static Unread fault(ClusterUid uid, String why) {
        return new Unread(NO_RECORD, uid, why, false);
    }
}
