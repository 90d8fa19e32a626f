package io.redfleet.contracts.health;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.wire.Position;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The record of the {@code health} topic: everything a monitor needs to go on where another one stopped.
 *
 * @param lastEvent the position of the newest own event that this state includes; null before the first
 * @param conditions open topology conditions (as {@code quorumLost}, {@code replicaBroken r2/redis-server}) with when each began
 * @param counters how often each of them has opened or closed: part of event ids
 */
public record ClusterHealth(
        int schema,
        ClusterName cluster,
        ClusterUid uid,
        Instant at,
        Verdict verdict,
        Map<InstanceId, InstanceHealth> instances,
        Map<String, Instant> conditions,
        Map<String, Long> counters,
        @Nullable Position lastEvent) {
    public static final int SCHEMA = 1;

    public ClusterHealth {
        instances = Map.copyOf(instances);
        conditions = Map.copyOf(conditions);
        counters = Map.copyOf(counters);
    }
}
