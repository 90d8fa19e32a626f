package io.redfleet.contracts.alert;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.wire.Actor;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The record of the {@code alerts} topic.
 *
 * @param cause a word for what is wrong and on what, as in {@code masterDown} or {@code instanceDown r2/redis-server}
 * @param summary the newest sentence on it
 * @param events ids of the events that hang on it, oldest first, at most 200: the newest are kept
 */
public record Incident(
        int schema,
        IncidentId id,
        ClusterName cluster,
        ClusterUid uid,
        String cause,
        Severity severity,
        State state,
        String summary,
        Instant openedAt,
        Instant updatedAt,
        @Nullable Instant resolvedAt,
        @Nullable Actor acknowledgedBy,
        List<String> events) {
    public static final int SCHEMA = 1;

    public Incident {
        events = List.copyOf(events);
    }

    /** Where it stands. */
    public enum State {
        OPEN,
        ACKNOWLEDGED,
        RESOLVED
    }
}
