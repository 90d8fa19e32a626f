package io.redfleet.monitor.edge.kafka;

import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.bus.ownership.PartitionOwner;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.ServiceName;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.fleet.Fleet;
import io.redfleet.monitor.fleet.OrderDesk;
import io.redfleet.monitor.watch.Observation;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The clusters of one partition. What is replayed is gathered here first; once all is there, the fleet is told what is, and
 * from then on what comes.
 */
public final class FleetOwner implements PartitionOwner {
    private final Fleet fleet;
    private final OrderDesk desk;
    private final Executor thread;
    private final Supplier<Moment> clock;
    private final Losses losses;
    private final Map<String, ClusterState> clusters = new HashMap<>();
    private final Map<String, ClusterHealth> health = new HashMap<>();
    private final Map<String, Observation> surroundings = new HashMap<>();
    private final Map<String, String> clusterOf = new HashMap<>();
    private final Set<ClusterName> ours = new HashSet<>(); // only touched on the fleet's thread
    private boolean working;

    /** Takes note of records that cannot be read. */
    public interface Losses {
        void lost(BusRecord record, String why);
    }

    /** @param thread the fleet's own thread, on which everything that reaches the fleet is run, in order */
    public FleetOwner(Fleet fleet, OrderDesk desk, Executor thread, Supplier<Moment> clock, Losses losses) {
        this.fleet = fleet;
        this.desk = desk;
        this.thread = thread;
        this.clock = clock;
        this.losses = losses;
    }

    @Override
    public void replayed(BusRecord record) {
        take(record);
    }

    @Override
    public void caughtUp() {
        working = true;
        Map<String, ClusterState> states = Map.copyOf(clusters);
        Map<String, ClusterHealth> healths = Map.copyOf(health);
        Map<String, Observation> around = Map.copyOf(surroundings);
        Map<String, String> belongs = Map.copyOf(clusterOf);
        thread.execute(() -> {
            states.forEach((name, state) -> {
                ours.add(state.name());
                fleet.watch(state, healths.get(name), clock.get());
            });
            around.forEach((key, observation) -> {
                ClusterState state = states.get(belongs.getOrDefault(key, ""));
                if (state != null) {
                    fleet.observe(state.name(), observation, clock.get());
                }
            });
        });
        clusters.clear();
        health.clear();
        surroundings.clear();
        clusterOf.clear();
    }

    @Override
    public void arrived(BusRecord record, Done done) {
        take(record);
        done.done();
    }

    @Override
    public void released() {
        thread.execute(() -> {
            ours.forEach(fleet::released);
            ours.clear();
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
                thread.execute(() -> {
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
            thread.execute(() -> {
                ours.add(state.name());
                fleet.watch(state, null, clock.get());
            });
        } else {
            clusters.put(record.key(), state);
        }
    }

    private void health(BusRecord record) throws Unreadable {
        if (record.key().equals(ClusterName.FLEET.value())) {
            if (!record.isTombstone()) {
                FleetBrake brake = record.as(FleetBrake.class);
                thread.execute(() -> fleet.brake().read(brake));
            }
        } else if (!working) {
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
            thread.execute(() -> fleet.observe(cluster, observation, clock.get()));
        } else {
            surroundings.put(record.topic() + " " + record.key(), observation);
            clusterOf.put(record.topic() + " " + record.key(), cluster.value());
        }
    }

    private void order(Order order) {
        if (order.to() == ServiceName.MONITOR) {
            thread.execute(() -> desk.take(order, clock.get()));
        }
    }
}
