package io.redfleet.provisioner.edge.kafka;

import io.redfleet.bus.DeadLetters;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.bus.ownership.PartitionOwner;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.access.SealedSecret;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.wire.Order;
import io.redfleet.provisioner.apply.Ledger;
import io.redfleet.provisioner.order.Desk;
import io.redfleet.provisioner.order.DeskParts;
import io.redfleet.provisioner.order.Drifts;
import io.redfleet.provisioner.order.Orders;
import io.redfleet.provisioner.order.Remedies;
import io.redfleet.provisioner.secret.Vault;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** One owned partition: replays its state to a desk, then hands on what arrives, in order, on a thread of its own. */
final class PartitionDesk implements PartitionOwner {
    private static final Logger LOG = Logger.getLogger(PartitionDesk.class);
    /** While as many orders as this wait, no more are read. */
    private static final int WAITING_ORDERS = 500;

    private final KafkaLedger ledger;
    private final DeadLetters letters;
    private final Vault vault;
    private final Desk desk;
    private final Orders orders;
    private final Remedies remedies;
    private final Drifts drifts;
    private final ThreadPoolExecutor thread;

    PartitionDesk(int partition, KafkaLedger ledger, DeadLetters letters, Function<Ledger, DeskParts> parts) {
        this.ledger = ledger;
        this.letters = letters;
        DeskParts made = parts.apply(ledger);
        this.vault = made.vault();
        this.desk = new Desk(made);
        this.orders = new Orders(desk);
        this.remedies = new Remedies(desk);
        this.drifts = new Drifts(desk);
        this.thread = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING_ORDERS + PartitionOwner.MOST_AT_ONCE),
                work -> {
                    Thread named = new Thread(work, "desk-" + partition);
                    named.setDaemon(true);
                    return named;
                },
                // In the order in which they came, or not at all: it has ended, and the next owner reads them.
                (work, ended) -> LOG.debugf("work left to the next owner; desk=%s", ended));
    }

    @Override
    public boolean hasRoom() {
        return thread.getQueue().size() < WAITING_ORDERS;
    }

    @Override
    public void replayed(BusRecord record) {
        if (!ledger.counts(record)) {
            LOG.warnf("a record of an owner whose time was over does not count; record=%s", record);
            return;
        }
        Optional<Unreadable> unread = unreadable(record, () -> {
            switch (record.topic()) {
                case CLUSTERS -> cluster(record);
                case OPERATIONS -> operation(record);
                case HOSTS -> {
                    if (!record.isTombstone()) {
                        desk.replayed(record.as(HostFacts.class));
                    }
                }
                case SECRETS -> {
                    if (!record.isTombstone()) {
                        vault.stands(record.as(SealedSecret.class));
                    }
                }
                case COMMANDS, OUTCOMES, REPORTS, HEALTH, REMEDIATIONS, EVENTS, ALERTS, QUIET, ACCESS, DEADLETTERS ->
                    throw new IllegalStateException("not replayed here: " + record);
            }
        });
        unread.ifPresent(why -> unread(record, why));
    }

    /** What an older record of the key says is no longer true, and what is true is not known. */
    private void unread(BusRecord record, Unreadable unreadable) {
        String why = String.valueOf(unreadable.getMessage());
        Place place = Place.of(record);
        if (place.cluster().isEmpty()) {
            return;
        }
        ClusterName cluster = place.cluster().get();
        switch (record.topic()) {
            case CLUSTERS -> desk.parking().replayedUnread(cluster, record.position(), record.word("uid"), why);
            case SECRETS -> place.purpose().ifPresent(purpose -> vault.unread(cluster, purpose, why));
            case OPERATIONS ->
                place.operation().ifPresent(operation -> {
                    desk.replayedEnd(cluster, operation);
                    if (unreadable.newer()) {
                        desk.parking().replayedUnread(cluster, operation, record.position(), record.word("uid"), why);
                    }
                });
            default -> {
                // What was heard of a host is heard again.
            }
        }
    }

    private void cluster(BusRecord record) throws Unreadable {
        if (record.isTombstone()) {
            if (ClusterName.allowed(record.key())) {
                desk.replayedEnd(new ClusterName(record.key()));
            }
        } else {
            desk.replayed(record.as(ClusterState.class));
        }
    }

    private void operation(BusRecord record) throws Unreadable {
        if (!record.isTombstone()) {
            desk.replayed(record.as(OperationState.class));
            return;
        }
        Place place = Place.of(record);
        place.cluster()
                .ifPresent(cluster -> place.operation().ifPresent(operation -> desk.replayedEnd(cluster, operation)));
    }

    @Override
    public void caughtUp() {
        // At once: what an earlier owner sends from here on is late.
        List<BusMessage> again = ledger.begin();
        Runnable opening = () -> {
            again.forEach(ledger::write);
            desk.open();
            drifts.open();
        };
        thread.execute(guarded(opening, () -> {}));
    }

    @Override
    public void arrived(BusRecord record, Done done) {
        if (ledger.isCovered(record)) {
            thread.execute(guarded(() -> ledger.repeat(record), () -> {}));
            return;
        }
        if (record.topic() == Topic.COMMANDS) {
            thread.execute(guarded(() -> order(record, done), done));
        } else if (record.topic() == Topic.REMEDIATIONS) {
            thread.execute(guarded(() -> remediation(record, done), done));
        } else if (record.topic() == Topic.CLUSTERS && ClusterName.allowed(record.key())) {
            thread.execute(guarded(() -> standing(record), () -> {}));
        }
        // The other state topics hold what this process writes itself, and what an earlier owner sends late.
    }

    /** What we wrote ourselves, mostly; but a record that cannot be read is not ours, nor may be the one that mends it. */
    private void standing(BusRecord record) {
        ClusterName name = new ClusterName(record.key());
        if (record.isTombstone()) {
            desk.parking().read(name, Optional.empty());
            return;
        }
        unreadable(record, () -> desk.parking().read(name, Optional.of(record.as(ClusterState.class))))
                .ifPresent(why -> desk.parking()
                        .unread(name, record.position(), record.word("uid"), String.valueOf(why.getMessage())));
    }

    @Override
    public void released() {
        // First, because whoever waits for the broker may hold the desk.
        ledger.lose();
        desk.close();
        thread.shutdownNow();
    }

    private void order(BusRecord record, Done done) {
        unreadable(record, () -> orders.take(record.as(Order.class), done::done))
                .ifPresent(why -> done.done());
    }

    private void remediation(BusRecord record, Done done) {
        unreadable(record, () -> remedies.take(record.as(Remediation.class), done::done))
                .ifPresent(why -> done.done());
    }

    private interface Reading {
        void read() throws Unreadable;
    }

    /** Why it could not be read; then it is a dead letter. */
    private Optional<Unreadable> unreadable(BusRecord record, Reading reading) {
        try {
            reading.read();
            return Optional.empty();
        } catch (Unreadable e) {
            String why = String.valueOf(e.getMessage());
            LOG.errorf("unreadable record goes to the dead letters; record=%s error=%s", record, why);
            ledger.write(letters.letter(record, why));
            return Optional.of(e);
        }
    }

    /** @param passed what is told when the work failed in a way that a repeat would not mend */
    private static Runnable guarded(Runnable work, Done passed) {
        return () -> {
            try {
                work.run();
            } catch (Ledger.Lost lost) {
                LOG.debugf("work left to the next owner; error=%s", lost.getMessage());
            } catch (RuntimeException fault) {
                // The orders of all other clusters wait behind this one.
                LOG.errorf(fault, "a fault of Redfleet's own; a record is passed over");
                passed.done();
            }
        };
    }
}
