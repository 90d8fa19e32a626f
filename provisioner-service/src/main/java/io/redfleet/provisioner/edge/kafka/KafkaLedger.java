package io.redfleet.provisioner.edge.kafka;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.SealedSecret;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.event.EventTypes;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Position;
import io.redfleet.provisioner.apply.Ledger;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The ledger of one owned partition. A broker that is away is waited for; a partition that is lost ends every wait. */
final class KafkaLedger implements Ledger {
    private static final Logger LOG = Logger.getLogger(KafkaLedger.class);
    /** Above the producer's own delivery time, so that it is the producer that gives up. */
    private static final long ACK_WITHIN_SECONDS = 30;

    private static final long PAUSE_MILLIS = 500;
    private static final long DOUBT_PAUSE_MILLIS = 100;

    private final BusProducer producer;
    private final BooleanSupplier doubtful;
    private final LastWord lastWord; // guarded by itself
    /** Completed once; every wait for the broker ends with it. */
    private final CompletableFuture<Position> lost = new CompletableFuture<>();

    /** @param doubtful whether it is not known whether the partition is still ours: nothing is written meanwhile */
    KafkaLedger(BusProducer producer, BooleanSupplier doubtful, LastWord lastWord) {
        this.producer = producer;
        this.doubtful = doubtful;
        this.lastWord = lastWord;
    }

    /** Whether a replayed record counts; in the order of the log. */
    boolean counts(BusRecord record) {
        synchronized (lastWord) {
            return lastWord.counts(record);
        }
    }

    /** All that lies there has been replayed. What is answered lies under something older and is to be written again. */
    List<BusMessage> begin() {
        synchronized (lastWord) {
            return lastWord.begin();
        }
    }

    /** Whether an earlier owner has sent something late over what stands. */
    boolean isCovered(BusRecord arrived) {
        if (!LastWord.guards(arrived.topic())) {
            return false;
        }
        synchronized (lastWord) {
            return lastWord.isCovered(arrived);
        }
    }

    /** Once more what this ownership said last of the record's key. */
    void repeat(BusRecord record) {
        LOG.warnf("a record of an owner whose time is over is written over; record=%s", record);
        // What stands is asked for anew at each attempt: meanwhile a later word may have been said.
        write(
                record.topic(),
                () -> lastWord.standing(record.topic(), record.key()).orElseThrow());
    }

    void lose() {
        lost.completeExceptionally(new Lost("the partition belongs to another"));
    }

    @Override
    public boolean lost() {
        return lost.isDone();
    }

    @Override
    public void certain() {
        while (!lost.isDone() && doubtful.getAsBoolean()) {
            pause(DOUBT_PAUSE_MILLIS);
        }
        if (lost.isDone()) {
            throw new Lost("the partition belongs to another");
        }
    }

    @Override
    public Position cluster(ClusterState state) {
        return write(BusMessage.of(Topic.CLUSTERS, state.name().value(), state));
    }

    @Override
    public Position forget(ClusterName cluster) {
        return write(BusMessage.tombstone(Topic.CLUSTERS, cluster.value()));
    }

    @Override
    public Position secret(SealedSecret secret) {
        return write(BusMessage.of(Topic.SECRETS, secret.key(), secret));
    }

    @Override
    public void forgetSecret(ClusterName cluster, Purpose purpose) {
        write(BusMessage.tombstone(Topic.SECRETS, SealedSecret.key(cluster, purpose)));
    }

    @Override
    public Position operation(OperationState state) {
        BusMessage whole = BusMessage.of(Topic.OPERATIONS, state.cluster() + "/" + state.id(), state);
        return write(whole, () -> Shortened.of(whole));
    }

    @Override
    public void forgetOperation(ClusterName cluster, OperationId operation) {
        write(BusMessage.tombstone(Topic.OPERATIONS, cluster + "/" + operation));
    }

    @Override
    public void outcome(Outcome outcome) {
        String key = outcome.cluster() + "/" + outcome.command();
        write(
                BusMessage.of(Topic.OUTCOMES, key, outcome),
                () -> BusMessage.of(Topic.OUTCOMES, key, Shortened.of(outcome)));
    }

    @Override
    public void tell(Fact fact) {
        BusMessage whole = BusMessage.of(fact);
        write(whole, () -> Shortened.of(whole));
        said(fact);
    }

    /** On their way before the first is waited for: one round trip to the broker for all. */
    @Override
    public void tell(List<Fact> facts) {
        certain();
        List<CompletableFuture<Position>> sent = new ArrayList<>();
        for (Fact fact : facts) {
            // Each for itself: a producer that does not know where to may take its time with every one.
            synchronized (lastWord) {
                sent.add(producer.send(lastWord.said(BusMessage.of(fact))).toCompletableFuture());
            }
        }
        for (int i = 0; i < facts.size(); i++) {
            if (arrived(sent.get(i))) {
                said(facts.get(i));
            } else {
                tell(facts.get(i));
            }
        }
    }

    /** Whether it is on the bus. One that is not is written again under the same id, or cut short. */
    private boolean arrived(CompletableFuture<Position> sent) {
        try {
            sent.applyToEither(lost, position -> position).get(ACK_WITHIN_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Lost gone) {
                throw gone;
            }
            return false;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Lost("interrupted");
        }
    }

    private static void said(Fact fact) {
        String type = EventTypes.shortName(fact.event().getClass());
        LOG.infof(
                "told; event=%s target=%s reason=%s",
                type, fact.about().subject(), fact.about().reason());
    }

    @Override
    public void host(HostFacts facts) {
        write(BusMessage.of(Topic.HOSTS, facts.cluster() + "/" + facts.host(), facts));
    }

    @Override
    public void forgetHost(ClusterName cluster, HostName host) {
        write(BusMessage.tombstone(Topic.HOSTS, cluster + "/" + host));
    }

    private Position write(BusMessage whole, Supplier<BusMessage> shortened) {
        try {
            return write(whole);
        } catch (Unwritable unwritable) {
            LOG.errorf("written cut short; key=%s error=%s", whole.key(), unwritable.getMessage());
            return write(shortened.get());
        }
    }

    Position write(BusMessage message) {
        return write(message.topic(), () -> lastWord.said(message));
    }

    /** @param word asked for, and handed to the producer, in one go: of one key the log has the words in their order */
    private Position write(Topic topic, Supplier<BusMessage> word) {
        boolean said = false;
        while (true) {
            certain();
            try {
                CompletableFuture<Position> sent;
                synchronized (lastWord) {
                    sent = producer.send(word.get()).toCompletableFuture();
                }
                return sent.applyToEither(lost, position -> position).get(ACK_WITHIN_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                if (e.getCause() instanceof Lost gone) {
                    throw gone;
                }
                if (isRecordsOwnFault(e.getCause())) {
                    throw new Unwritable("a record for " + topic + " cannot be written: " + e.getMessage());
                }
                if (!said) {
                    LOG.warnf("not on the bus yet, trying on; topic=%s error=%s", topic, e.getMessage());
                    said = true;
                }
                pause(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Lost("interrupted");
            }
        }
    }

    /** What no broker will ever take. Anything else, a missing right included, is mended by time or by a person. */
    private static boolean isRecordsOwnFault(@Nullable Throwable cause) {
        return cause instanceof RecordTooLargeException
                || cause instanceof RecordBatchTooLargeException
                || cause instanceof InvalidRecordException
                || cause instanceof PolicyViolationException
                || cause instanceof SerializationException;
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Lost("interrupted");
        }
    }
}
