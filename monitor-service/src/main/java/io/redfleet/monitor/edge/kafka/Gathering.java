package io.redfleet.monitor.edge.kafka;

import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.replay.Start;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.wire.Position;
import io.redfleet.monitor.fleet.Unread;
import io.redfleet.monitor.watch.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** What was replayed of one partition, the latest of each key. Filled by the reading thread, then handed on as a whole. */
final class Gathering {
    /** Health follows what was told within a second; a broker that is away for a moment makes it more. */
    private static final Duration HEALTH_LAGS = Duration.ofMinutes(1);

    final Map<String, ClusterState> clusters = new HashMap<>();
    final Map<String, Unread> unread = new HashMap<>();
    final Map<String, ClusterHealth> health = new HashMap<>();
    private final Map<String, Unread> unreadHealth = new HashMap<>();
    private final Map<String, Around> surroundings = new HashMap<>();

    /** What is around a cluster: its operations, its hosts. */
    record Around(ClusterName cluster, Observation observation) {}

    void cluster(String key, ClusterState state) {
        clusters.put(key, state);
        unread.remove(key);
    }

    void endOf(String key) {
        clusters.remove(key);
        unread.remove(key);
    }

    /** The older record of the key is no longer true, and what is true is not known. */
    void unreadCluster(String key, Unread record) {
        clusters.remove(key);
        unread.put(key, record);
    }

    void health(String key, ClusterHealth read) {
        health.put(key, read);
        unreadHealth.remove(key);
    }

    void endOfHealth(String key) {
        health.remove(key);
        unreadHealth.remove(key);
    }

    void unreadHealth(String key, Unread record) {
        unreadHealth.put(key, record);
    }

    void around(BusRecord record, Around around) {
        surroundings.put(record.topic() + " " + record.key(), around);
    }

    void nothingAround(BusRecord record) {
        surroundings.remove(record.topic() + " " + record.key());
    }

    Iterable<Around> surroundings() {
        return surroundings.values();
    }

    /** Who cannot be watched: the cluster's own record counts before the health record. */
    Map<String, Unread> parked() {
        Map<String, Unread> parked = new HashMap<>(unreadHealth);
        parked.putAll(unread);
        parked.keySet().removeIf(key -> !clusters.containsKey(key) && !unread.containsKey(key));
        return parked;
    }

    /**
     * Where the events begin that no health knows. A cluster that has been quiet for days points far back; but its owner
     * lived when it last wrote any cluster's health, and had written of this one within a second of telling anything.
     */
    Optional<Start.Tail> tail(int partition) {
        OptionalLong from = health.values().stream()
                .map(ClusterHealth::lastEvent)
                .filter(Objects::nonNull)
                .mapToLong(position -> position.offset() + 1)
                .min();
        Optional<Instant> newest =
                health.values().stream().map(ClusterHealth::at).max(Comparator.naturalOrder());
        return from.isEmpty()
                ? Optional.empty()
                : newest.map(at -> new Start.Tail(partition, from.getAsLong(), at.minus(HEALTH_LAGS)));
    }

    boolean isLater(EventTail.Lying lying) {
        ClusterHealth known = health.get(lying.fact().about().cluster().value());
        Position last = known == null ? null : known.lastEvent();
        return last != null && lying.offset() > last.offset();
    }
}
