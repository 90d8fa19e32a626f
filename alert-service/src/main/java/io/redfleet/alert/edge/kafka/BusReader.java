package io.redfleet.alert.edge.kafka;

import io.redfleet.alert.edge.store.BusAway;
import io.redfleet.alert.edge.store.OffsetRows;
import io.redfleet.alert.edge.store.Schema;
import io.redfleet.alert.edge.store.Store;
import io.redfleet.alert.edge.store.StoreAway;
import io.redfleet.alert.edge.store.StoreLoop;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.Silence;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.topics.Topic;
import io.redfleet.bus.topics.TopicAdmin;
import io.redfleet.contracts.wire.Position;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads events and orders. A record's effects and the offset behind it last in one transaction, so that a crash between
 * any two lines here loses and doubles nothing; a second process that reads the same finds the offset moved on.
 *
 * <p>While the database is away nothing is read and nothing is skipped: afterwards reading goes on from the offsets that
 * the database has. For the loop's thread only, except {@link #silence()} and
 * {@link #readOn()}.
 */
public final class BusReader implements StoreLoop.Step, AutoCloseable {
    /** Hears of records that our own code could not take. */
    public interface Listener {
        void passedOver(BusRecord record, RuntimeException bug);
    }

    private static final Duration POLL = Duration.ofMillis(250);
    /** A reader that stands still does not know what came meanwhile; it looks four times a second. */
    private static final Duration FRESH = Duration.ofSeconds(5);

    private static final Duration ASK = Duration.ofSeconds(10);
    private static final List<Topic> TOPICS = List.of(Topic.EVENTS, Topic.COMMANDS);

    private final Map<String, Object> asking;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Silence silence;
    private final Store store;
    private final Schema schema;
    private final Intake intake;
    private final Runnable afterwards;
    private final Listener listener;
    private boolean placed;
    private Map<TopicPartition, Long> endsWhenPlaced = Map.of();
    private volatile long endSeen = System.nanoTime() - FRESH.toNanos(); // written by the loop's own thread alone

    /** @param afterwards called after each commit: there may be something to send now */
    public BusReader(BusSettings settings, Books books, Intake intake, Runnable afterwards, Listener listener) {
        this.asking = settings.common();
        Map<String, Object> reader = new HashMap<>(settings.reader());
        // One transaction holds at most so many: a few hundred statements, well within the deadline of one.
        reader.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 200);
        this.consumer = new KafkaConsumer<>(reader);
        this.silence = new Silence(consumer);
        this.store = books.store();
        this.schema = books.schema();
        this.intake = intake;
        this.afterwards = afterwards;
        this.listener = listener;
    }

    /** The database, and what brings it up to date. */
    public record Books(Store store, Schema schema) {}

    @Override
    public boolean run() {
        boolean well = false;
        try {
            if (!placed) {
                place();
            }
            var records = consumer.poll(POLL);
            silence.look();
            for (TopicPartition partition : records.partitions()) {
                take(partition, records.records(partition));
            }
            if (atEnd()) {
                endSeen = System.nanoTime();
            }
            well = true;
            return true;
        } catch (KafkaException e) {
            throw new BusAway("the broker is away: " + e.getMessage(), e);
        } finally {
            placed = placed && well;
            if (!well) {
                endSeen = System.nanoTime() - FRESH.toNanos();
            }
        }
    }

    /** For how long there has been no connection to a broker. */
    public Duration silence() {
        return silence.lasted();
    }

    /** Whether all that lay on the bus a moment ago has been taken. With a broker that went away: all that was known of. */
    public boolean readOn() {
        return System.nanoTime() - endSeen < FRESH.toNanos();
    }

    @Override
    public void close() {
        consumer.close();
    }

    /** The client goes by the end that it was told of last, which it also knows from before it was placed anew. */
    private boolean atEnd() {
        return consumer.assignment().stream()
                .allMatch(partition -> consumer.currentLag(partition).orElse(1) <= 0
                        && consumer.position(partition) >= endsWhenPlaced.getOrDefault(partition, 0L));
    }

    /** Goes to where the database stands; begins partitions that it does not know yet. */
    private void place() {
        schema.ready();
        List<TopicPartition> partitions = TOPICS.stream()
                .flatMap(topic -> IntStream.range(0, Topic.PARTITIONS)
                        .mapToObj(partition -> new TopicPartition(topic.fullName(), partition)))
                .toList();
        Map<String, String> ids = ids();
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions, ASK);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, ASK);
        consumer.assign(partitions);
        Map<TopicPartition, Long> next = store.inTransaction(tx -> {
            OffsetRows offsets = tx.offsets();
            beginnings.forEach((partition, beginning) ->
                    offsets.begin(position(partition, beginning), ends.getOrDefault(partition, beginning)));
            Map<TopicPartition, Long> marks = new HashMap<>();
            for (Topic topic : TOPICS) {
                boolean moved = offsets.moved(topic.fullName(), ids.getOrDefault(topic.fullName(), ""));
                offsets.of(topic.fullName()).forEach((number, mark) -> {
                    TopicPartition partition = new TopicPartition(topic.fullName(), number);
                    long first = mark.next();
                    if (moved || first > ends.getOrDefault(partition, first)) {
                        // Restored onto another Kafka: the old offsets would hide what is written there.
                        first = beginnings.getOrDefault(partition, 0L);
                        offsets.beginAgain(position(partition, first));
                    }
                    marks.put(partition, first);
                });
            }
            return marks;
        });
        next.forEach(consumer::seek);
        endsWhenPlaced = ends;
        placed = true;
    }

    /** What Kafka calls the topics: of another bus they are others. On topics of another form nothing is read. */
    private Map<String, String> ids() {
        try (Admin admin = Admin.create(asking)) {
            List<String> faults = new TopicAdmin(admin, ASK).faults();
            if (!faults.isEmpty()) {
                throw new BusAway("the bus is not set up: " + String.join("; ", faults));
            }
            Map<String, String> ids = new HashMap<>();
            admin.describeTopics(TOPICS.stream().map(Topic::fullName).toList())
                    .allTopicNames()
                    .get(ASK.toMillis(), TimeUnit.MILLISECONDS)
                    .forEach((name, topic) -> ids.put(name, topic.topicId().toString()));
            return ids;
        } catch (ExecutionException | TimeoutException | TopicAdmin.TopicsUnavailable e) {
            throw new KafkaException("it does not say which topics it has: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", e);
        }
    }

    private void take(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
        try {
            takeTogether(partition, records);
        } catch (StoreAway away) {
            throw away;
        } catch (RuntimeException bug) {
            // One of them cannot be taken, whatever is wrong with it. One by one, so that it alone is passed over and
            // those behind it do not wait for ever.
            for (ConsumerRecord<byte[], byte[]> record : records) {
                takeAlone(partition, record);
            }
        }
        afterwards.run();
    }

    private void takeTogether(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
        store.inTransaction(tx -> {
            OffsetRows.Mark mark = tx.offsets().hold(partition.topic(), partition.partition());
            long next = mark.next();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                if (record.offset() >= mark.next()) {
                    intake.take(BusRecord.of(record), mark, tx);
                    next = record.offset() + 1;
                }
            }
            tx.offsets().moveTo(position(partition, next));
            return next;
        });
    }

    private void takeAlone(TopicPartition partition, ConsumerRecord<byte[], byte[]> record) {
        try {
            takeTogether(partition, List.of(record));
        } catch (StoreAway away) {
            throw away;
        } catch (RuntimeException bug) {
            BusRecord passed = BusRecord.of(record);
            listener.passedOver(passed, bug);
            store.inTransaction(tx -> {
                tx.offsets().hold(partition.topic(), partition.partition());
                intake.passOver(passed, "could not be taken: " + bug.getMessage(), tx);
                tx.offsets().moveTo(position(partition, record.offset() + 1));
                return true;
            });
        }
    }

    private static Position position(TopicPartition partition, long offset) {
        return new Position(partition.topic(), partition.partition(), offset);
    }
}
