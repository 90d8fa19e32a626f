package io.redfleet.monitor.edge.kafka;

import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.bus.ownership.PartitionOwner;
import io.redfleet.bus.replay.Start;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Position;
import io.redfleet.contracts.wire.ServiceName;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.fleet.Fleet;
import io.redfleet.monitor.fleet.OrderDesk;
import io.redfleet.monitor.watch.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The clusters of one partition. What is replayed is gathered here first; once all is there, the fleet is told what is, and
 * from then on what comes.
 */
public final class FleetOwner implements PartitionOwner {
    /** Health follows what was told within a second; a broker that is away for a moment makes it more. */
    private static final Duration HEALTH_LAGS = Duration.ofMinutes(1);

    private final Fleet fleet;
    private final OrderDesk desk;
    private final Executor thread;
    private final Supplier<Moment> clock;
    private final Losses losses;
    private final EventTail tail;
    private final int partition;
    private final Map<String, ClusterState> clusters = new HashMap<>();
    private final Map<String, ClusterHealth> health = new HashMap<>();
    private final Map<String, Observation> surroundings = new HashMap<>();
    private final Map<String, String> clusterOf = new HashMap<>();
    private boolean working;

    // Only touched on the fleet's thread. Between catching up and adoption lie a few hundred milliseconds.
    private final Set<ClusterName> ours = new HashSet<>();
    private final List<Runnable> waiting = new ArrayList<>();
    private volatile boolean adopted; // read by others
    private boolean released;

    private record Gathered(
            Map<String, ClusterState> clusters,
            Map<String, ClusterHealth> health,
            Map<String, Observation> surroundings,
            Map<String, String> clusterOf) {}

    /**
     * Whom the partitions of a process work for.
     *
     * @param thread the fleet's own thread, on which everything that reaches the fleet is run, in order
     */
    public record Crew(Fleet fleet, OrderDesk desk, Executor thread, Supplier<Moment> clock) {}

    /** Takes note of records that cannot be read. */
    public interface Losses {
        void lost(BusRecord record, String why);
    }

    public FleetOwner(int partition, Crew crew, EventTail tail, Losses losses) {
        this.partition = partition;
        this.fleet = crew.fleet();
        this.desk = crew.desk();
        this.thread = crew.thread();
        this.clock = crew.clock();
        this.tail = tail;
        this.losses = losses;
    }

    @Override
    public void replayed(BusRecord record) {
        take(record);
    }

    /** Health lags behind what was told; the tail of the events is read before anything is judged. */
    @Override
    public void caughtUp() {
        working = true;
        Gathered gathered =
                new Gathered(Map.copyOf(clusters), Map.copyOf(health), Map.copyOf(surroundings), Map.copyOf(clusterOf));
        clusters.clear();
        health.clear();
        surroundings.clear();
        clusterOf.clear();
        Optional<Start.Tail> start = tail(gathered.health().values());
        if (start.isEmpty()) {
            thread.execute(() -> adopt(gathered, List.of()));
            return;
        }
        tail.from(start.get(), lying -> isLater(gathered, lying)).whenComplete((later, failure) -> {
            List<EventTail.Lying> told = failure == null ? later : List.of();
            thread.execute(() -> adopt(gathered, told));
        });
    }

    /**
     * Where the events begin that no health knows. A cluster that has been quiet for days points far back; but its owner
     * lived when it last wrote any cluster's health, and had written of this one within a second of telling anything.
     */
    private Optional<Start.Tail> tail(Collection<ClusterHealth> known) {
        OptionalLong from = known.stream()
                .map(ClusterHealth::lastEvent)
                .filter(Objects::nonNull)
                .mapToLong(position -> position.offset() + 1)
                .min();
        Optional<Instant> newest = known.stream().map(ClusterHealth::at).max(Comparator.naturalOrder());
        return from.isEmpty()
                ? Optional.empty()
                : newest.map(at -> new Start.Tail(partition, from.getAsLong(), at.minus(HEALTH_LAGS)));
    }

    private static boolean isLater(Gathered gathered, EventTail.Lying lying) {
        ClusterHealth known =
                gathered.health().get(lying.fact().about().cluster().value());
        Position last = known == null ? null : known.lastEvent();
        return last != null && lying.offset() > last.offset();
    }

    /** Whether what was replayed has reached the fleet; before that nothing is watched. */
    public boolean adopted() {
        return adopted;
    }

    @Override
    public void arrived(BusRecord record, Done done) {
        take(record);
        done.done();
    }

    @Override
    public void released() {
        thread.execute(() -> {
            released = true;
            ours.forEach(fleet::released);
            ours.clear();
        });
    }

    private void adopt(Gathered gathered, List<EventTail.Lying> told) {
        if (released) {
            return;
        }
        gathered.clusters().forEach((name, state) -> {
            ClusterHealth known = gathered.health().get(name);
            List<Fact> later = told.stream()
                    .map(EventTail.Lying::fact)
                    .filter(fact -> fact.about().cluster().equals(state.name()))
                    .toList();
            ours.add(state.name());
            fleet.watch(state, known, later, clock.get());
        });
        gathered.surroundings().forEach((key, observation) -> {
            ClusterState state = gathered.clusters().get(gathered.clusterOf().getOrDefault(key, ""));
            if (state != null) {
                fleet.observe(state.name(), observation, clock.get());
            }
        });
        adopted = true;
        waiting.forEach(Runnable::run);
        waiting.clear();
    }

    /** On the fleet's thread, and not before what was replayed is adopted. */
    private void post(Runnable step) {
        thread.execute(() -> {
            if (adopted) {
                step.run();
            } else if (!released) {
                waiting.add(step);
            }
        });
    }

    /** A spec that cannot be read leaves its cluster as it was, and is said so: it never just vanishes from view. */
    private void take(BusRecord record) {
        try {
            switch (record.topic()) {
                case CLUSTERS -> cluster(record);
                case HEALTH -> health(record);
                case OPERATIONS -> operation(record);
                case HOSTS -> host(record);
                case COMMANDS -> order(record.as(Order.class));
                default -> throw new IllegalStateException("not read here: " + record);
            }
        } catch (Unreadable e) {
            losses.lost(record, String.valueOf(e.getMessage()));
        }
    }

    private void cluster(BusRecord record) throws Unreadable {
        if (record.isTombstone()) {
            clusters.remove(record.key());
            if (working && ClusterName.allowed(record.key())) {
                ClusterName name = new ClusterName(record.key());
                post(() -> {
                    ours.remove(name);
                    fleet.removed(name);
                });
            }
            return;
        }
        ClusterState state = record.as(ClusterState.class);
        if (state.schema() > ClusterState.SCHEMA) {
            losses.lost(record, "schema " + state.schema() + " is newer than this release's " + ClusterState.SCHEMA);
            return;
        }
        if (working) {
            post(() -> {
                ours.add(state.name());
                fleet.watch(state, null, List.of(), clock.get());
            });
        } else {
            clusters.put(record.key(), state);
        }
    }

    private void health(BusRecord record) throws Unreadable {
        // The fleet's brake lies here too; every monitor reads it, not only the owner of its partition.
        if (!record.key().equals(ClusterName.FLEET.value()) && !working) {
            if (record.isTombstone()) {
                health.remove(record.key());
            } else {
                health.put(record.key(), record.as(ClusterHealth.class));
            }
        }
    }

    private void operation(BusRecord record) throws Unreadable {
        if (record.isTombstone()) {
            surroundings.remove(record.topic() + " " + record.key());
            return;
        }
        OperationState operation = record.as(OperationState.class);
        if (!working && operation.status().done()) {
            surroundings.remove(record.topic() + " " + record.key());
        } else {
            around(record, operation.cluster(), new Observation.Operated(operation));
        }
    }

    private void host(BusRecord record) throws Unreadable {
        if (record.isTombstone()) {
            surroundings.remove(record.topic() + " " + record.key());
        } else {
            HostFacts facts = record.as(HostFacts.class);
            around(record, facts.cluster(), new Observation.HostSeen(facts));
        }
    }

    private void around(BusRecord record, ClusterName cluster, Observation observation) {
        if (working) {
            post(() -> fleet.observe(cluster, observation, clock.get()));
        } else {
            surroundings.put(record.topic() + " " + record.key(), observation);
            clusterOf.put(record.topic() + " " + record.key(), cluster.value());
        }
    }

    private void order(Order order) {
        if (order.to() == ServiceName.MONITOR) {
            post(() -> desk.take(order, clock.get()));
        }
    }
}
