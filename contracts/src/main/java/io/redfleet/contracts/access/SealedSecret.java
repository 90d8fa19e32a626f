package io.redfleet.contracts.access;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.wire.ServiceName;
import java.time.Instant;
import java.util.Map;

/**
 * The record of the {@code secrets} topic: one password, once for each service that may know it. On the bus before it is
 * used on any host; its tombstone follows when the cluster is removed.
 *
 * @param copies by the service whose key opens it
 */
public record SealedSecret(
        int schema,
        ClusterName cluster,
        ClusterUid uid,
        Purpose purpose,
        Instant since,
        Map<ServiceName, Sealed> copies) {
    public static final int SCHEMA = 1;

    public SealedSecret {
        copies = Map.copyOf(copies);
    }

    /** The key on the topic. */
    public static String key(ClusterName cluster, Purpose purpose) {
        return cluster + "/" + purpose.word();
    }

    public String key() {
        return key(cluster, purpose);
    }
}
