package io.redfleet.bus.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.topics.Topic;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Reads what stands on state topics: of each key the latest record, without the keys that were ended. */
final class StateReader implements AutoCloseable {
    /** A broker that says nothing for so long does not answer. */
    private static final Duration QUIET = Duration.ofSeconds(30);

    private static final Duration POLL = Duration.ofMillis(500);

    private final KafkaConsumer<byte[], byte[]> consumer;

    StateReader(BusSettings settings) throws BackupRefused {
        try {
            Map<String, Object> reader = new HashMap<>(settings.reader());
            // A consumer asks on while we look at what it gave; the next partition would wait for that answer.
            reader.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20);
            this.consumer = new KafkaConsumer<>(reader);
        } catch (KafkaException e) {
            throw refused("Kafka cannot be asked", e);
        }
    }

    /** Takes a record, or says why it will not. */
    interface Sink {
        void take(KeptRecord record) throws BackupRefused;
    }

    /** Where every partition of these topics ends now. */
    Map<TopicPartition, Long> ends(Collection<Topic> topics) throws BackupRefused {
        List<TopicPartition> partitions = topics.stream()
                .flatMap(topic -> IntStream.range(0, Topic.PARTITIONS)
                        .mapToObj(partition -> new TopicPartition(topic.fullName(), partition)))
                .toList();
        return asked("where the topics end", () -> consumer.endOffsets(partitions, QUIET));
    }

    /**
     * What stood on a topic when it ended there, partition by partition, each in the order of the bus. At most one
     * partition's state is held at a time.
     */
    Map<Integer, Long> read(Topic topic, Map<TopicPartition, Long> ends, Sink sink) throws BackupRefused {
        Map<Integer, Long> next = new TreeMap<>();
        for (int number = 0; number < Topic.PARTITIONS; number++) {
            TopicPartition partition = new TopicPartition(topic.fullName(), number);
            long end = ends.getOrDefault(partition, 0L);
            for (KeptRecord record : latest(partition, end)) {
                sink.take(record);
            }
            next.put(number, end);
        }
        return next;
    }

    private Collection<KeptRecord> latest(TopicPartition partition, long end) throws BackupRefused {
        Map<String, KeptRecord> latest = new LinkedHashMap<>();
        if (end == 0) {
            return latest.values();
        }
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        String what = "where " + partition + " stands";
        long heard = System.nanoTime();
        // Beyond the last record lie compacted gaps; only the position knows.
        while (asked(what, () -> consumer.position(partition, QUIET)) < end) {
            List<ConsumerRecord<byte[], byte[]>> polled =
                    asked(what, () -> consumer.poll(POLL)).records(partition);
            for (ConsumerRecord<byte[], byte[]> record : polled) {
                if (record.offset() < end) {
                    keep(latest, record);
                }
            }
            long now = System.nanoTime();
            if (!polled.isEmpty()) {
                heard = now;
            } else if (now - heard > QUIET.toNanos()) {
                throw new BackupRefused("Kafka gave nothing of " + partition + " for " + QUIET.toSeconds() + " s");
            }
        }
        return latest.values();
    }

    private static void keep(Map<String, KeptRecord> latest, ConsumerRecord<byte[], byte[]> record)
            throws BackupRefused {
        if (record.value() == null) {
            latest.remove(record.key() == null ? "" : new String(record.key(), UTF_8));
            return;
        }
        KeptRecord kept = KeptRecord.of(record);
        latest.remove(kept.key());
        latest.put(kept.key(), kept);
    }

    @Override
    public void close() {
        consumer.close();
    }

    private static <T> T asked(String what, Supplier<T> question) throws BackupRefused {
        try {
            return question.get();
        } catch (KafkaException e) {
            throw refused("Kafka does not say " + what, e);
        }
    }

    private static BackupRefused refused(String what, KafkaException e) {
        return new BackupRefused(what + ": " + e.getMessage(), e);
    }
}
