package io.redfleet.bench;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.bus.replay.Follower;
import io.redfleet.bus.replay.Start;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.Term;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Whose word counts for each cluster, and since when: as a consumer of {@code health} learns it. Thread-safe. */
final class HealthTap implements AutoCloseable {
    private final Map<String, Claim> claims = new ConcurrentHashMap<>();
    private final Follower follower;
    private volatile long lastClaim = System.nanoTime();

    /**
     * A term of a cluster.
     *
     * @param nanos when its first record came, by {@link System#nanoTime()}
     */
    record Claim(Term term, long nanos) {}

    HealthTap(BusSettings settings) {
        this.follower = Follower.of(settings, List.of(Topic.HEALTH), new Start.End(), this::take);
        follower.caughtUp().toCompletableFuture().join();
    }

    /** The clusters of this monitor, each with its present term. */
    Map<String, Claim> of(String monitor) {
        return claims.entrySet().stream()
                .filter(claim -> claim.getValue().term().monitor().equals(monitor))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The present terms of these clusters. */
    Map<String, Claim> of(Set<String> clusters) {
        return claims.entrySet().stream()
                .filter(claim -> clusters.contains(claim.getKey()))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Whether each of these terms has been succeeded by a later one. */
    boolean succeeded(Map<String, Claim> earlier) {
        return of(earlier.keySet()).entrySet().stream().allMatch(now -> {
            Claim before = earlier.get(now.getKey());
            return before != null && now.getValue().term().outranks(before.term());
        });
    }

    int size() {
        return claims.size();
    }

    /** Whether no term has begun for so long. */
    boolean quietFor(Duration time) {
        return System.nanoTime() - lastClaim > time.toNanos();
    }

    @Override
    public void close() {
        follower.close();
    }

    private void take(BusRecord record) {
        long now = System.nanoTime();
        if (record.isTombstone() || record.key().equals(ClusterName.FLEET.value())) {
            return;
        }
        try {
            Term term = record.as(ClusterHealth.class).term();
            Claim held = claims.get(record.key());
            if (held == null || term.outranks(held.term())) {
                claims.put(record.key(), new Claim(term, now));
                lastClaim = now;
            }
        } catch (Unreadable e) {
            throw new IllegalStateException("health that cannot be read: " + record, e);
        }
    }
}
