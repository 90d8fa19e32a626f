package io.redfleet.monitor.edge.kafka;

import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.bus.ownership.PartitionOwner;
import io.redfleet.bus.replay.Start;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.wire.Order;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.fleet.Fleet;
import io.redfleet.monitor.fleet.OrderDesk;
import io.redfleet.monitor.fleet.Past;
import io.redfleet.monitor.fleet.Unread;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The clusters of one partition. What is replayed is gathered first; then the fleet is told what is, and from then on what
 * comes. Once all is replayed a new term runs. What an earlier owner had under way, and what comes of it later, is folded in:
 * all that stands on the bus counts, whoever told it.
 */
public final class FleetOwner implements PartitionOwner {
    private final Fleet fleet;
    private final OrderDesk desk;
    private final ProbePasswords passwords;
    private final Executor thread;
    private final Supplier<Moment> clock;
    private final Losses losses;
    private final Events events;
    private final Terms terms;
    private final int partition;
    private Gathering gathering = new Gathering();
    private final Locked locked = new Locked();
    private boolean working;

    // Only touched on the fleet's thread. Between catching up and adoption lie a few hundred milliseconds.
    private final Set<ClusterName> ours = new HashSet<>();
    private final List<Runnable> waiting = new ArrayList<>();
    private long foldedUntil;
    private volatile boolean adopted; // read by others
    private boolean released;

    public FleetOwner(int partition, Crew crew, Events events, Losses losses) {
        this.partition = partition;
        this.fleet = crew.fleet();
        this.desk = crew.desk();
        this.passwords = crew.passwords();
        this.thread = crew.thread();
        this.clock = crew.clock();
        this.events = events;
        this.terms = new Terms(events.outgoing().tenure(), partition);
        this.losses = losses;
    }

    @Override
    public void replayed(BusRecord record) {
        take(record, () -> {});
    }

    /**
     * Health lags behind what was told; the tail of the events is read before anything is judged, and before that what an
     * earlier ownership of our own has left in the outbox goes out, if nobody has spoken since.
     */
    @Override
    public void caughtUp() {
        working = true;
        Gathering all = gathering;
        gathering = new Gathering();
        all.clusters.forEach((key, state) -> locked.why(state).ifPresent(unread -> all.locked(key, unread)));
        terms.begin(all.lastTerm());
        Optional<Start.Tail> start = all.tail(partition);
        CompletionStage<EventTail.Read> tail = start.isEmpty()
                ? CompletableFuture.completedStage(EventTail.Read.NOTHING)
                : events.outgoing()
                        .settled(partition)
                        .thenCompose(nothing -> events.tail().from(start.get(), all::isLater));
        tail.whenComplete((read, failure) -> {
            EventTail.Read later = failure == null ? read : EventTail.Read.NOTHING;
            thread.execute(() -> adopt(all, later));
        });
    }

    /** Whether what was replayed has reached the fleet; before that nothing is watched. */
    public boolean adopted() {
        return adopted;
    }

    @Override
    public void arrived(BusRecord record, Done done) {
        take(record, done);
    }

    @Override
    public void released() {
        terms.end();
        thread.execute(() -> {
            released = true;
            desk.released(terms::concern);
            ours.forEach(fleet::released);
            ours.clear();
        });
    }

    /** An event of this partition as it comes by, our own included. Any thread. */
    public void told(BusRecord record) {
        // By its header first: nearly all of them are our own, and need not be read.
        if (!terms.isOurs(EventTail.termOf(record))) {
            events.tail()
                    .lying(record)
                    .ifPresent(lying -> post(() -> {
                        if (!released && lying.position().offset() >= foldedUntil) {
                            fleet.heard(lying.fact(), lying.position(), clock.get());
                        }
                    }));
        }
    }

    private void adopt(Gathering all, EventTail.Read read) {
        if (released) {
            return;
        }
        foldedUntil = read.end();
        Map<String, Unread> parked = all.parked();
        parked.forEach((key, record) -> {
            ClusterName name = new ClusterName(key);
            ours.add(name);
            fleet.park(name, record, all.past(name, read, terms.current()), clock.get());
        });
        all.clusters.forEach((key, state) -> {
            if (!parked.containsKey(key)) {
                ours.add(state.name());
                fleet.watch(state, all.past(state.name(), read, terms.current()), clock.get());
            }
        });
        all.surroundings().forEach(around -> fleet.observe(around.cluster(), around.observation(), clock.get()));
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

    /** What cannot be read is a dead letter; a spec that cannot be read parks its cluster besides. */
    private void take(BusRecord record, Done done) {
        try {
            switch (record.topic()) {
                case CLUSTERS -> cluster(record);
                case HEALTH -> health(record);
                case OPERATIONS, HOSTS, REPORTS -> around(record);
                case SECRETS ->
                    passwords.take(record, thread).flatMap(locked::opens).ifPresent(this::stands);
                case COMMANDS -> {
                    Order order = record.as(Order.class);
                    // Done once its outcome is on the bus. What waits when the partition is lost, the next owner reads.
                    post(() -> desk.take(order, done::done, clock.get()));
                    return;
                }
                default -> throw new IllegalStateException("not read here: " + record);
            }
        } catch (Unreadable e) {
            losses.lost(record, String.valueOf(e.getMessage()));
            park(record, e);
        }
        done.done();
    }

    /** Counters that cannot be read would count anew, and what has such an id as was told before is heard by nobody. */
    private void park(BusRecord record, Unreadable unreadable) {
        Understood.operation(record).ifPresent(unread -> around(record, unread));
        Unread unread = Understood.unread(record, unreadable);
        if (Understood.forProbes(record)) {
            locked.unread(record.clusterKey(), unread).ifPresent(this::stands);
        }
        if (!ClusterName.allowed(record.key())) {
            return;
        }
        ClusterName name = new ClusterName(record.key());
        if (unread.ours() && !working && unreadable.newer()) {
            gathering.unreadHealth(record.key(), unread);
        } else if (unread.ours() && working && !unreadable.newer()) {
            // Compaction would leave only this one.
            post(() -> fleet.contradicted(name, terms.current(), clock.get()));
        } else if (record.topic() == Topic.CLUSTERS && !working) {
            gathering.unreadCluster(record, unread);
        } else if (record.topic() == Topic.CLUSTERS) {
            parks(name, unread);
        }
    }

    private void parks(ClusterName name, Unread unread) {
        post(() -> {
            ours.add(name);
            fleet.park(name, unread, Past.none(terms.current()), clock.get());
        });
    }

    private void cluster(BusRecord record) throws Unreadable {
        if (record.isTombstone()) {
            gathering.endOf(record.key());
            locked.gone(record.key());
            if (working && ClusterName.allowed(record.key())) {
                ClusterName name = new ClusterName(record.key());
                post(() -> {
                    ours.remove(name);
                    fleet.removed(name);
                });
            }
            return;
        }
        ClusterState state = Understood.cluster(record);
        if (working) {
            stands(state);
        } else {
            gathering.cluster(record, state);
        }
    }

    /** Nothing while it is replayed: then it is known who stands once all is read. */
    private void stands(ClusterState state) {
        Optional<Unread> why = working ? locked.why(state) : Optional.empty();
        why.ifPresent(unread -> parks(state.name(), unread));
        if (working && why.isEmpty()) {
            post(() -> {
                ours.add(state.name());
                fleet.watch(state, Past.none(terms.current()), clock.get());
            });
        }
    }

    private void health(BusRecord record) throws Unreadable {
        // The fleet's brake lies here too; every monitor reads it, not only the owner of its partition.
        if (record.key().equals(ClusterName.FLEET.value())) {
            return;
        }
        if (record.isTombstone()) {
            gathering.endOfHealth(record.key());
            return;
        }
        ClusterHealth read = record.as(ClusterHealth.class);
        if (!working) {
            gathering.health(record.key(), read);
        } else if (!terms.isOurs(read.term())) {
            contradicted(read);
        }
    }

    /** Compaction would leave only this one, by somebody who does not own the cluster any more, or never did. */
    private void contradicted(ClusterHealth foreign) {
        Term ours = terms.current();
        if (ours.outranks(foreign.term())) {
            post(() -> fleet.contradicted(foreign.cluster(), ours, clock.get()));
        } else {
            Term above = terms.raise(foreign.term());
            post(() -> this.ours.forEach(cluster -> fleet.contradicted(cluster, above, clock.get())));
        }
    }

    private void around(BusRecord record) throws Unreadable {
        if (record.isTombstone()) {
            gathering.nothingAround(record);
            return;
        }
        around(record, Understood.around(record));
    }

    private void around(BusRecord record, Gathering.Around around) {
        if (working) {
            post(() -> fleet.observe(around.cluster(), around.observation(), clock.get()));
        } else {
            gathering.around(record, around);
        }
    }
}
