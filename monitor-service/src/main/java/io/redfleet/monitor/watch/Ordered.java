package io.redfleet.monitor.watch;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.wire.CommandId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * Which orders have been carried out on a cluster: one that is read again, by whoever owns the cluster then, has the effect of
 * one. It stands among the counters of health, with when it was done in milliseconds of the epoch. What was told by an owner
 * that died before it wrote health is known by its correlation, each instance for itself: the others may not have been told.
 */
final class Ordered {
    /** Followed by the order's id, and by the instance if only that was told. */
    private static final String KEY = "order ";

    /** An order is valid for seconds, and whoever takes over reads it within seconds more; a broker may be away meanwhile. */
    private static final Duration KEPT = Duration.ofHours(1);

    /** Each about as long as a password; people say less in an hour. */
    private static final int KEPT_MAX = 64;

    private Ordered() {}

    static boolean done(Map<String, Long> counters, CommandId order) {
        return counters.containsKey(KEY + order);
    }

    static boolean told(Step step, CommandId order, InstanceId id) {
        return step.counted(key(order.value(), id)) > 0;
    }

    static void done(Step step, CommandId order) {
        note(step, KEY + order, step.now.wall());
    }

    /** @param correlation of a fact: an order's id, or empty */
    static void told(Step step, String correlation, InstanceId id, Instant at) {
        if (!correlation.isEmpty()) {
            note(step, key(correlation, id), at);
        }
    }

    private static void note(Step step, String key, Instant at) {
        step.number(key, at.toEpochMilli());
        step.keepNewest(KEY, step.now.wall().minus(KEPT).toEpochMilli(), KEPT_MAX);
    }

    private static String key(String order, InstanceId id) {
        return KEY + order + " " + id;
    }
}
