package io.redfleet.contracts.access;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.wire.ServiceName;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The record of the {@code secrets} topic: one password, once for each service that may know it. On the bus before it is
 * used on any host; its tombstone follows when the cluster is removed.
 *
 * @param copies by the service whose key opens it
 * @param next the one that takes its place, while both count; null: none does, or it is a record of before
 */
public record SealedSecret(
        int schema,
        ClusterName cluster,
        ClusterUid uid,
        Purpose purpose,
        Instant since,
        Map<ServiceName, Sealed> copies,
        @Nullable NextSecret next) {
    /**
     * The newest that this release reads, and that of a record with {@code next}: who passed over {@code next} would go by the old
     * one for ever.
     */
    public static final int SCHEMA = 2;

    /** That of a record without {@code next}: a release that knows no {@code next} reads it as it is meant. */
    private static final int ALONE = 1;

    public SealedSecret {
        copies = Map.copyOf(copies);
    }

    /** One whose place nothing takes. */
    public SealedSecret(
            ClusterName cluster, ClusterUid uid, Purpose purpose, Instant since, Map<ServiceName, Sealed> copies) {
        this(ALONE, cluster, uid, purpose, since, copies, null);
    }

    /** The same one, with that beside it. */
    public SealedSecret beside(NextSecret other) {
        return new SealedSecret(SCHEMA, cluster, uid, purpose, since, copies, other);
    }

    /** The one that every instance takes: to be logged in with, and to be shown. */
    public SealedSecret current() {
        return next == null || next.stage() == NextSecret.Stage.ADDING ? this : succeeded();
    }

    /** The one that takes its place, alone; itself where none does. */
    public SealedSecret succeeded() {
        return next == null ? this : new SealedSecret(cluster, uid, purpose, next.since(), next.copies());
    }

    /** The key on the topic. */
    public static String key(ClusterName cluster, Purpose purpose) {
        return cluster + "/" + purpose.word();
    }

    public String key() {
        return key(cluster, purpose);
    }
}
