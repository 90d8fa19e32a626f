package io.redfleet.monitor.fleet;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.event.About;
import io.redfleet.contracts.event.EventTypes;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.FleetEvent;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.health.Verdict;
import io.redfleet.contracts.wire.Position;
import io.redfleet.monitor.clock.Moment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Clusters that cannot be watched because a record of theirs cannot be read, or because their watch fails. Loud: an event, and a
 * health record whose verdict says so, which is also how the next owner knows that an end is still to be told. Owned by the
 * fleet's thread.
 *
 * <p>What is known of the cluster is kept as it would be for another owner; once the record is readable, the watch is taken
 * over from it, so that ids count on and nothing is told twice.
 */
final class Parking {
    /** A condition and a counter of the health record. */
    static final String PARKED = "parked";

    private final Bus bus;
    private final Map<ClusterName, Parked> parked = new HashMap<>();

    /**
     * What a watch goes on from.
     *
     * @param resumed still to be told, before health says that the cluster is watched; null if it was not parked
     */
    record Lifted(Past past, @Nullable Fact resumed) {}

    Parking(Bus bus) {
        this.bus = bus;
    }

    /** @param cell of the watch that ends; null if there was none */
    void park(ClusterName cluster, Unread record, Past known, @Nullable Cell cell, Moment now) {
        if (parked.containsKey(cluster)) {
            return;
        }
        Past told = told(known);
        ClusterHealth marked = marked(cluster, record, told.health(), now);
        Parked entry = new Parked(record, cell, told.with(marked));
        parked.put(cluster, entry);
        FleetEvent event = new FleetEvent.WatchParked(record.at(), record.why());
        bus.tell(fact(marked, event, marked.verdict().reason(), now), known.term(), position -> {});
        entry.writeIfDue(bus, now);
    }

    /**
     * The cluster can be read, and is about to be watched, in the term of {@code known}; answers what from. It stays parked
     * until that has begun ({@link #forget}).
     */
    Lifted lift(ClusterName cluster, Past known, Moment now) {
        Parked entry = parked.get(cluster);
        Past from = told(entry == null ? known : entry.past()).in(known.term());
        ClusterHealth health = from.health();
        Instant since = health == null ? null : health.conditions().get(PARKED);
        if (health == null || since == null) {
            return new Lifted(from, null);
        }
        long lasted = Math.max(0, Duration.between(since, now.wall()).toMillis());
        Fact resumed = fact(health, new FleetEvent.WatchResumed(lasted), "it is watched again", now);
        Map<String, Instant> conditions = new HashMap<>(health.conditions());
        conditions.remove(PARKED);
        Verdict fresh = unjudged(health, "is watched again, and not judged yet", now);
        return new Lifted(from.with(with(health, fresh, conditions, health.counters(), health.at())), resumed);
    }

    void forget(ClusterName cluster) {
        parked.remove(cluster);
    }

    /** As {@link Fleet#heard}: it counts when the watch goes on. */
    void heard(Fact fact, Position position) {
        Parked entry = parked.get(fact.about().cluster());
        if (entry != null) {
            entry.heard(fact, position);
        }
    }

    /** As {@link Fleet#contradicted}. */
    void contradicted(ClusterName cluster, Term term, Moment now) {
        Parked entry = parked.get(cluster);
        if (entry != null) {
            entry.contradicted(term);
            entry.writeIfDue(bus, now);
        }
    }

    /** What did not reach the bus is written again. */
    void tick(Moment now) {
        parked.values().forEach(entry -> entry.writeIfDue(bus, now));
    }

    /** A parking that was told after the last record was written, or its end, counts as if the record said so. */
    private static Past told(Past past) {
        ClusterHealth health = past.health();
        List<Fact> others = new ArrayList<>();
        for (Fact fact : past.later()) {
            switch (fact.event()) {
                case FleetEvent.WatchParked parked -> health = counted(health, fact, fact.at());
                case FleetEvent.WatchResumed resumed -> health = counted(health, fact, null);
                default -> others.add(fact);
            }
        }
        return new Past(health, others, past.newest(), past.term());
    }

    /** @param since null for the end */
    private static ClusterHealth counted(@Nullable ClusterHealth health, Fact fact, @Nullable Instant since) {
        About about = fact.about();
        ClusterHealth base = health == null ? nothing(about.cluster(), about.uid(), fact.at()) : health;
        if (!base.uid().equals(about.uid())) {
            return base;
        }
        Map<String, Instant> conditions = new HashMap<>(base.conditions());
        if (since == null) {
            conditions.remove(PARKED);
        } else {
            conditions.putIfAbsent(PARKED, since);
        }
        Map<String, Long> counters = new HashMap<>(base.counters());
        counters.merge(PARKED, number(fact), Math::max);
        return with(base, base.verdict(), conditions, counters, base.at());
    }

    private static ClusterHealth marked(ClusterName cluster, Unread record, @Nullable ClusterHealth known, Moment now) {
        ClusterUid uid = record.uid() == null ? new ClusterUid("unread-" + cluster) : record.uid();
        ClusterHealth base = known != null ? known : nothing(cluster, uid, now.wall());
        Verdict verdict = unjudged(base, "parked, not watched: " + record.why(), now);
        if (base.conditions().containsKey(PARKED)) {
            // A former owner has told it, and perhaps could not write it any more.
            boolean says = base.verdict().reason().startsWith(PARKED);
            return says ? base : with(base, verdict, base.conditions(), base.counters(), now.wall());
        }
        Map<String, Instant> conditions = new HashMap<>(base.conditions());
        conditions.put(PARKED, now.wall());
        Map<String, Long> counters = new HashMap<>(base.counters());
        // What cannot be counted is told apart by where it lies.
        counters.merge(PARKED, record.ours() ? record.at().offset() : 1, Long::sum);
        return with(base, verdict, conditions, counters, now.wall());
    }

    private static ClusterHealth nothing(ClusterName cluster, ClusterUid uid, Instant at) {
        Verdict none = new Verdict(Verdict.Diagnosis.UNKNOWN, "", at, null, 0);
        return new ClusterHealth(ClusterHealth.SCHEMA, cluster, uid, at, none, Map.of(), Map.of(), Map.of(), null);
    }

    /** Who was master last is kept: the next watch tells a change by it. */
    private static Verdict unjudged(ClusterHealth health, String reason, Moment now) {
        Verdict last = health.verdict();
        return new Verdict(Verdict.Diagnosis.UNKNOWN, reason, now.wall(), last.master(), last.configEpoch());
    }

    private static ClusterHealth with(
            ClusterHealth base,
            Verdict verdict,
            Map<String, Instant> conditions,
            Map<String, Long> counters,
            Instant at) {
        return new ClusterHealth(
                base.schema(),
                base.cluster(),
                base.uid(),
                at,
                verdict,
                base.instances(),
                conditions,
                counters,
                base.lastEvent(),
                base.term(),
                base.hosts(),
                base.failovers());
    }

    private static Fact fact(ClusterHealth health, FleetEvent event, String reason, Moment now) {
        Long count = health.counters().getOrDefault(PARKED, 0L);
        String id = Fact.id(health.uid(), health.cluster(), count, EventTypes.shortName(event.getClass()));
        return new Fact(id, now.wall(), new About(health.cluster(), health.uid(), null, reason, "", null), event);
    }

    /** The count that {@link #fact} has put into the id; 0 if there is none. */
    private static long number(Fact fact) {
        String[] parts = fact.id().split(":", -1);
        String count = parts.length < 4 ? "" : parts[parts.length - 2];
        return count.matches("\\d{1,18}") ? Long.parseLong(count) : 0;
    }
}
