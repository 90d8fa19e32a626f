package io.redfleet.monitor.probe;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.health.ReplicationRole;
import org.jspecify.annotations.Nullable;

/**
 * What an instance says of itself in ROLE.
 *
 * @param offset the replication offset; -1 where it has none
 * @param following whom a replica follows; null for others
 * @param link a replica's link as Redis words it (connect, connecting, sync, connected); empty for others
 * @param replicas how many replicas are attached to a master
 */
public record Standing(
        ReplicationRole role, long offset, @Nullable Endpoint following, String link, int replicas) {
    public static final Standing UNKNOWN = new Standing(ReplicationRole.UNKNOWN, -1, null, "", 0);
    public static final Standing SENTINEL = new Standing(ReplicationRole.SENTINEL, -1, null, "", 0);

    public static Standing master(long offset, int replicas) {
        return new Standing(ReplicationRole.MASTER, offset, null, "", replicas);
    }

    public static Standing replica(Endpoint master, String link, long offset) {
        return new Standing(ReplicationRole.REPLICA, offset, master, link, 0);
    }

    public boolean linked() {
        return link.equals("connected");
    }
}
