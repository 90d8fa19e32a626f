package io.redfleet.monitor.edge.kafka;

import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.bus.ownership.PartitionOwner;
import io.redfleet.bus.replay.Start;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.ServiceName;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.fleet.Fleet;
import io.redfleet.monitor.fleet.OrderDesk;
import io.redfleet.monitor.fleet.Unread;
import io.redfleet.monitor.watch.Observation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final ProbePasswords passwords;
    private final Executor thread;
    private final Supplier<Moment> clock;
    private final Losses losses;
    private final EventTail tail;
    private final int partition;
    private Gathering gathering = new Gathering();
    private boolean working;

    // Only touched on the fleet's thread. Between catching up and adoption lie a few hundred milliseconds.
    private final Set<ClusterName> ours = new HashSet<>();
    private final List<Runnable> waiting = new ArrayList<>();
    private volatile boolean adopted; // read by others
    private boolean released;

    /**
     * Whom the partitions of a process work for.
     *
     * @param passwords told of every probe's password, on the fleet's thread
     * @param thread the fleet's own thread, on which everything that reaches the fleet is run, in order
     */
    public record Crew(
            Fleet fleet, OrderDesk desk, ProbePasswords passwords, Executor thread, Supplier<Moment> clock) {}

    /** Takes note of records that cannot be read. */
    public interface Losses {
        void lost(BusRecord record, String why);
    }

    public FleetOwner(int partition, Crew crew, EventTail tail, Losses losses) {
        this.partition = partition;
        this.fleet = crew.fleet();
        this.desk = crew.desk();
        this.passwords = crew.passwords();
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
        Gathering gathered = gathering;
        gathering = new Gathering();
        Optional<Start.Tail> start = gathered.tail(partition);
        if (start.isEmpty()) {
            thread.execute(() -> adopt(gathered, List.of()));
            return;
        }
        tail.from(start.get(), gathered::isLater).whenComplete((later, failure) -> {
            List<EventTail.Lying> told = failure == null ? later : List.of();
            thread.execute(() -> adopt(gathered, told));
        });
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

    private void adopt(Gathering gathered, List<EventTail.Lying> told) {
        if (released) {
            return;
        }
        Map<String, Unread> parked = gathered.parked();
        parked.forEach((key, record) -> {
            ClusterName name = new ClusterName(key);
            ours.add(name);
            fleet.park(name, record, gathered.health.get(key), of(name, told), clock.get());
        });
        gathered.clusters.forEach((key, state) -> {
            if (!parked.containsKey(key)) {
                ours.add(state.name());
                fleet.watch(state, gathered.health.get(key), of(state.name(), told), clock.get());
            }
        });
        for (Gathering.Around around : gathered.surroundings()) {
            fleet.observe(around.cluster(), around.observation(), clock.get());
        }
        adopted = true;
        waiting.forEach(Runnable::run);
        waiting.clear();
    }

    private static List<Fact> of(ClusterName cluster, List<EventTail.Lying> told) {
        return told.stream()
                .map(EventTail.Lying::fact)
                .filter(fact -> fact.about().cluster().equals(cluster))
                .toList();
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

    /** What cannot be read is a dead letter; a spec that cannot be read parks its cluster besides. */
    private void take(BusRecord record) {
        try {
            switch (record.topic()) {
                case CLUSTERS -> cluster(record);
                case HEALTH -> health(record);
                case OPERATIONS -> operation(record);
                case HOSTS -> host(record);
                case SECRETS -> passwords.take(record, thread, losses);
                case COMMANDS -> order(record.as(Order.class));
                default -> throw new IllegalStateException("not read here: " + record);
            }
        } catch (Unreadable e) {
            losses.lost(record, String.valueOf(e.getMessage()));
            park(record, e);
        }
    }

    /** Counters that cannot be read would count anew, and what has such an id as was told before is heard by nobody. */
    private void park(BusRecord record, Unreadable unreadable) {
        if (!ClusterName.allowed(record.key())) {
            return;
        }
        boolean ours = record.topic() == Topic.HEALTH;
        ClusterUid uid = record.word("uid")
                .filter(word -> !word.isBlank())
                .map(ClusterUid::new)
                .orElse(null);
        Unread unread = new Unread(record.position(), uid, String.valueOf(unreadable.getMessage()), ours);
        if (ours && !working && unreadable.newer()) {
            gathering.unreadHealth(record.key(), unread);
        } else if (record.topic() == Topic.CLUSTERS && !working) {
            gathering.unreadCluster(record.key(), unread);
        } else if (record.topic() == Topic.CLUSTERS) {
            ClusterName name = new ClusterName(record.key());
            post(() -> {
                this.ours.add(name);
                fleet.park(name, unread, null, List.of(), clock.get());
            });
        }
    }

    private void cluster(BusRecord record) throws Unreadable {
        if (record.isTombstone()) {
            gathering.endOf(record.key());
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
        if (working) {
            post(() -> {
                ours.add(state.name());
                fleet.watch(state, null, List.of(), clock.get());
            });
        } else {
            gathering.cluster(record.key(), state);
        }
    }

    private void health(BusRecord record) throws Unreadable {
        // The fleet's brake lies here too; every monitor reads it, not only the owner of its partition.
        if (!record.key().equals(ClusterName.FLEET.value()) && !working) {
            if (record.isTombstone()) {
                gathering.endOfHealth(record.key());
            } else {
                gathering.health(record.key(), record.as(ClusterHealth.class));
            }
        }
    }

    private void operation(BusRecord record) throws Unreadable {
        if (record.isTombstone()) {
            gathering.nothingAround(record);
            return;
        }
        OperationState operation = record.as(OperationState.class);
        if (!working && operation.status().done()) {
            gathering.nothingAround(record);
        } else {
            around(record, operation.cluster(), new Observation.Operated(operation));
        }
    }

    private void host(BusRecord record) throws Unreadable {
        if (record.isTombstone()) {
            gathering.nothingAround(record);
        } else {
            HostFacts facts = record.as(HostFacts.class);
            around(record, facts.cluster(), new Observation.HostSeen(facts));
        }
    }

    private void around(BusRecord record, ClusterName cluster, Observation observation) {
        if (working) {
            post(() -> fleet.observe(cluster, observation, clock.get()));
        } else {
            gathering.around(record, new Gathering.Around(cluster, observation));
        }
    }

    private void order(Order order) {
        if (order.to() == ServiceName.MONITOR) {
            post(() -> desk.take(order, clock.get()));
        }
    }
}
