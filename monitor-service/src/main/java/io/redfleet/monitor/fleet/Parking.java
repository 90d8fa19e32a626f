package io.redfleet.monitor.fleet;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.event.About;
import io.redfleet.contracts.event.EventTypes;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.FleetEvent;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.Verdict;
import io.redfleet.monitor.clock.Moment;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Clusters that cannot be watched because a record of theirs cannot be read. Loud: an event, and a health record whose
 * verdict says so, which is also how the next owner knows that an end is still to be told. Owned by the fleet's thread.
 *
 * <p>What is known of the cluster is kept as it would be for another owner; once the record is readable, the watch is taken
 * over from it, so that ids count on and nothing is told twice.
 */
final class Parking {
    /** A condition and a counter of the health record. */
    static final String PARKED = "parked";

    private final Bus bus;
    private final Map<ClusterName, Known> parked = new HashMap<>();

    /**
     * What a watch goes on from.
     *
     * @param lifted whether the health record on the bus still says that the cluster is parked
     */
    record Known(@Nullable ClusterHealth health, List<Fact> later, boolean lifted) {
        Known(@Nullable ClusterHealth health, List<Fact> later) {
            this(health, later, false);
        }
    }

    Parking(Bus bus) {
        this.bus = bus;
    }

    void park(ClusterName cluster, Unread record, Known known, Moment now) {
        Known before = parked.getOrDefault(cluster, known);
        ClusterHealth marked = marked(cluster, record, before.health(), now);
        boolean repeated = parked.put(cluster, new Known(marked, before.later())) != null;
        if (repeated) {
            return;
        }
        tell(
                marked,
                new FleetEvent.WatchParked(record.at(), record.why()),
                marked.verdict().reason(),
                now);
        if (!record.ours()) {
            bus.write(marked, position -> {});
        }
    }

    /** The cluster can be read, and is about to be watched; answers what from. */
    Known lift(ClusterName cluster, Known known, Moment now) {
        Known from = parked.containsKey(cluster) ? parked.remove(cluster) : known;
        ClusterHealth health = from.health();
        Instant since = health == null ? null : health.conditions().get(PARKED);
        if (health == null || since == null) {
            return from;
        }
        long lasted = Math.max(0, Duration.between(since, now.wall()).toMillis());
        tell(health, new FleetEvent.WatchResumed(lasted), "its record can be read again, and it is watched", now);
        Map<String, Instant> conditions = new HashMap<>(health.conditions());
        conditions.remove(PARKED);
        Verdict fresh = unjudged(health, "can be read again, and is not judged yet", now);
        ClusterHealth unmarked = with(health, fresh, conditions, health.counters(), health.at());
        return new Known(unmarked, from.later(), true);
    }

    void forget(ClusterName cluster) {
        parked.remove(cluster);
    }

    private static ClusterHealth marked(ClusterName cluster, Unread record, @Nullable ClusterHealth known, Moment now) {
        ClusterUid uid = record.uid() == null ? new ClusterUid("unread-" + cluster) : record.uid();
        ClusterHealth base = known != null
                ? known
                : new ClusterHealth(
                        ClusterHealth.SCHEMA,
                        cluster,
                        uid,
                        now.wall(),
                        new Verdict(Verdict.Diagnosis.UNKNOWN, "", now.wall(), null, 0),
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        null);
        if (base.conditions().containsKey(PARKED)) {
            // A former owner has told it.
            return base;
        }
        Map<String, Instant> conditions = new HashMap<>(base.conditions());
        conditions.put(PARKED, now.wall());
        Map<String, Long> counters = new HashMap<>(base.counters());
        // What cannot be counted is told apart by where it lies.
        counters.merge(PARKED, record.ours() ? record.at().offset() : 1, Long::sum);
        Verdict verdict = unjudged(base, "parked, not watched: " + record.why(), now);
        return with(base, verdict, conditions, counters, now.wall());
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
                base.lastEvent());
    }

    private void tell(ClusterHealth health, FleetEvent event, String reason, Moment now) {
        Long count = health.counters().getOrDefault(PARKED, 0L);
        String id = Fact.id(health.uid(), health.cluster(), count, EventTypes.shortName(event.getClass()));
        About about = new About(health.cluster(), health.uid(), null, reason, "", null);
        bus.tell(new Fact(id, now.wall(), about, event), position -> {});
    }
}
