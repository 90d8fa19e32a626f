package io.redfleet.alert.audit;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is looked for; an empty word or null means any.
 *
 * @param type a short type or the beginning of one, as in {@code instance} or {@code instance.down}; a wire type is
 *     taken too
 * @param correlation the id of an operation or of a failover
 * @param from inclusive
 * @param to exclusive
 * @param limit from 1 to {@link #LIMIT_MAX}
 * @param after where the page before ended
 * @param uids only events of these clusters; null means of every one and of the fleet itself
 */
public record AuditQuery(
        String cluster,
        String type,
        String actor,
        String correlation,
        @Nullable Instant from,
        @Nullable Instant to,
        int limit,
        @Nullable Cursor after,
        @Nullable List<String> uids) {
    /** As many clusters as one caller may have in scope. */
    public static final int UIDS_MAX = 10_000;

    /** About 1 MB of events at 1 KB each. */
    public static final int LIMIT_MAX = 1000;

    public static final int LIMIT_USUAL = 100;

    public AuditQuery {
        if (limit < 1 || limit > LIMIT_MAX) {
            throw new IllegalArgumentException("limit is from 1 to " + LIMIT_MAX);
        }
        uids = uids == null ? null : List.copyOf(uids);
    }
}
