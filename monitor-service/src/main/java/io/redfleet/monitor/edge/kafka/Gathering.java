package io.redfleet.monitor.edge.kafka;

import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.replay.Start;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.wire.Position;
import io.redfleet.monitor.fleet.Past;
import io.redfleet.monitor.fleet.Unread;
import io.redfleet.monitor.watch.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was replayed of one partition, the latest of each key. Filled by the reading thread, then handed on as a whole: used
 * by one thread at a time.
 */
final class Gathering {
    /** Health follows what was told within a second; a broker that is away for a moment makes it more. */
    private static final Duration HEALTH_LAGS = Duration.ofMinutes(1);

    /** A cluster has one operation after another, and a takeover lasts seconds. */
    private static final int ENDED_MAX = 4;

    final Map<String, ClusterState> clusters = new HashMap<>();
    private final Map<String, Unread> unread = new HashMap<>();
    private final Map<String, Instant> begun = new HashMap<>(); // of clusters and of unread ones
    private final Map<String, ClusterHealth> health = new HashMap<>();
    private final Map<String, Unread> unreadHealth = new HashMap<>();
    private final Map<String, Around> surroundings = new HashMap<>();
    private final Map<String, Unread> locked = new HashMap<>();
    private final Map<ClusterName, Deque<Around>> ended = new HashMap<>();

    /** What is around a cluster: its operations, its hosts. */
    record Around(ClusterName cluster, Observation observation) {}

    void cluster(BusRecord record, ClusterState state) {
        clusters.put(record.key(), state);
        unread.remove(record.key());
        begun.putIfAbsent(record.key(), record.appendedAt());
    }

    void endOf(String key) {
        clusters.remove(key);
        unread.remove(key);
        begun.remove(key);
    }

    /** The older record of the key is no longer true, and what is true is not known. */
    void unreadCluster(BusRecord record, Unread read) {
        clusters.remove(record.key());
        unread.put(record.key(), read);
        begun.putIfAbsent(record.key(), record.appendedAt());
    }

    /** A record of an earlier term that came after a later one was written by somebody who had lost the cluster. */
    void health(String key, ClusterHealth read) {
        health.merge(key, read, (held, next) -> held.outranks(next) ? held : next);
        unreadHealth.remove(key);
    }

    void endOfHealth(String key) {
        health.remove(key);
        unreadHealth.remove(key);
    }

    void unreadHealth(String key, Unread record) {
        unreadHealth.put(key, record);
    }

    /** There is no password for its probes. */
    void locked(String key, Unread record) {
        locked.put(key, record);
    }

    void around(BusRecord record, Around around) {
        if (around.observation() instanceof Observation.Operated operated
                && operated.operation().status().done()) {
            nothingAround(record);
            ended(around);
        } else {
            surroundings.put(record.topic() + " " + record.key(), around);
        }
    }

    void nothingAround(BusRecord record) {
        surroundings.remove(record.topic() + " " + record.key());
    }

    /** Of what was asked for before, somebody has to learn that it was tried, even if it was while nobody watched. */
    private void ended(Around around) {
        Deque<Around> last = ended.computeIfAbsent(around.cluster(), name -> new ArrayDeque<>());
        last.addLast(around);
        if (last.size() > ENDED_MAX) {
            last.removeFirst();
        }
    }

    List<Around> surroundings() {
        return Stream.concat(ended.values().stream().flatMap(Deque::stream), surroundings.values().stream())
                .filter(around -> clusters.containsKey(around.cluster().value()))
                .toList();
    }

    /** Who cannot be watched: the cluster's own record counts before the health record, and both before a password. */
    Map<String, Unread> parked() {
        Map<String, Unread> parked = new HashMap<>(locked);
        parked.putAll(unreadHealth);
        parked.putAll(unread);
        parked.keySet().retainAll(begun.keySet());
        return parked;
    }

    @Nullable
    ClusterHealth health(ClusterName cluster) {
        return health.get(cluster.value());
    }

    Term lastTerm() {
        return health.values().stream()
                .map(ClusterHealth::term)
                .max(Term::compareTo)
                .orElse(Term.NONE);
    }

    /** What a cluster's watch goes on from, in this term. */
    Past past(ClusterName cluster, EventTail.Read read, Term term) {
        ClusterHealth known = health(cluster);
        List<EventTail.Lying> later = read.told().stream()
                .filter(lying -> lying.fact().about().cluster().equals(cluster))
                .toList();
        List<Fact> facts = later.stream().map(EventTail.Lying::fact).toList();
        Position last = known == null ? null : known.lastEvent();
        return new Past(known, facts, later.isEmpty() ? last : later.getLast().position(), term);
    }

    /** Whether this was told after what the cluster's health includes. */
    boolean isLater(EventTail.Lying lying) {
        ClusterHealth known = health(lying.fact().about().cluster());
        Position last = known == null ? null : known.lastEvent();
        return last == null || lying.position().offset() > last.offset();
    }

    /**
     * Where the events begin that no health knows. A cluster that has been quiet for days points far back; but its owner
     * lived when it last wrote any cluster's health, and had written of this one within a second of telling anything. Of a
     * cluster whose health names no event, everything since its spec came counts.
     */
    Optional<Start.Tail> tail(int partition) {
        if (begun.isEmpty()) {
            return Optional.empty();
        }
        long from = Long.MAX_VALUE;
        List<Instant> notBefore = new ArrayList<>();
        newest().map(at -> at.minus(HEALTH_LAGS)).ifPresent(notBefore::add);
        for (Map.Entry<String, Instant> cluster : begun.entrySet()) {
            ClusterHealth known = health.get(cluster.getKey());
            Position last = known == null ? null : known.lastEvent();
            from = Math.min(from, last == null ? 0 : last.offset() + 1);
            if (last == null) {
                notBefore.add(cluster.getValue());
            }
        }
        Instant since = notBefore.stream().min(Instant::compareTo).orElse(Instant.EPOCH);
        return Optional.of(new Start.Tail(partition, from, since));
    }

    private Optional<Instant> newest() {
        return health.values().stream().map(ClusterHealth::at).max(Instant::compareTo);
    }
}
