package io.redfleet.contracts.health;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.wire.Position;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The record of the {@code health} topic: everything a monitor needs to go on where another one stopped.
 *
 * @param at when it was written; of a cluster with checks of its hosts that is at least every 30 s, while somebody judges them
 * @param lastEvent the position of the newest own event that this state includes; null before the first
 * @param conditions open topology conditions (as {@code quorumLost}, {@code replicaBroken r2/redis-server}) with when each began
 * @param counters how often each of them has opened or closed: part of event ids
 * @param hosts how the checks of its hosts stand, by host and check ({@code r1 disk}): those with a rule that was judged before
 * @param term whose word this is; of two records the one of the higher term holds, whichever was written last
 * @param failovers those that were told to have begun, and of which nothing further was told
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
        @Nullable Position lastEvent,
        @Nullable Term term,
        @Nullable Map<String, CheckHealth> hosts,
        @Nullable List<BegunFailover> failovers) {
    public static final int SCHEMA = 1;

    public ClusterHealth {
        // Records of releases without terms have none.
        term = Objects.requireNonNullElse(term, Term.NONE);
        instances = Map.copyOf(instances);
        conditions = Map.copyOf(conditions);
        counters = Map.copyOf(counters);
        // Records of releases without checks of hosts have none.
        hosts = Map.copyOf(Objects.requireNonNullElse(hosts, Map.of()));
        // Records of releases that carried only what had switched have none.
        failovers = List.copyOf(Objects.requireNonNullElse(failovers, List.of()));
    }

    /** Empty in a record of a release that carried only what had switched. */
    @Override
    public List<BegunFailover> failovers() {
        return Objects.requireNonNullElse(failovers, List.of());
    }

    /** Empty in a record of a release without checks of hosts. */
    @Override
    public Map<String, CheckHealth> hosts() {
        return Objects.requireNonNullElse(hosts, Map.of());
    }

    /** {@link Term#NONE} in a record of a release without terms. */
    @Override
    public Term term() {
        return Objects.requireNonNullElse(term, Term.NONE);
    }

    /** Without failovers that have begun. */
    public ClusterHealth(
            int schema,
            ClusterName cluster,
            ClusterUid uid,
            Instant at,
            Verdict verdict,
            Map<InstanceId, InstanceHealth> instances,
            Map<String, Instant> conditions,
            Map<String, Long> counters,
            @Nullable Position lastEvent,
            @Nullable Term term,
            @Nullable Map<String, CheckHealth> hosts) {
        this(schema, cluster, uid, at, verdict, instances, conditions, counters, lastEvent, term, hosts, List.of());
    }

    /** Not yet signed, and without checks of hosts. */
    public ClusterHealth(
            int schema,
            ClusterName cluster,
            ClusterUid uid,
            Instant at,
            Verdict verdict,
            Map<InstanceId, InstanceHealth> instances,
            Map<String, Instant> conditions,
            Map<String, Long> counters,
            @Nullable Position lastEvent) {
        this(schema, cluster, uid, at, verdict, instances, conditions, counters, lastEvent, Term.NONE, Map.of());
    }

    public ClusterHealth in(Term signed) {
        return new ClusterHealth(
                schema,
                cluster,
                uid,
                at,
                verdict,
                instances,
                conditions,
                counters,
                lastEvent,
                signed,
                hosts,
                failovers);
    }

    /** Whether this one is of a later term than another record of the same cluster. */
    public boolean outranks(ClusterHealth other) {
        return uid.equals(other.uid) && term().outranks(other.term());
    }
}
