package io.redfleet.local.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * The events topic as a stranger reads it: Kafka's own client, CloudEvents headers, JSON as text. Nothing of Redfleet's
 * code is needed, and none is used.
 */
final class AuditTrail {
    private static final String TOPIC = "redfleet.events.v1";
    private static final Duration CALL = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(200);

    private final String bootstrap;
    private final Path login;

    /** @param login client properties of an account that may read the events */
    AuditTrail(String bootstrap, Path login) {
        this.bootstrap = bootstrap;
        this.login = login;
    }

    /** One event by its CloudEvents attributes. */
    record Line(String id, String type, Instant time, String subject, String data) {}

    /** The cluster's events with a time of {@code since} or later, by time; stops at the end seen at the start. */
    List<Line> of(String cluster, Instant since) {
        Properties config = new Properties();
        try (var in = Files.newBufferedReader(login)) {
            config.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        config.put("bootstrap.servers", bootstrap);
        config.put("enable.auto.commit", "false");
        config.put("default.api.timeout.ms", (int) CALL.toMillis());
        List<Line> found = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(TOPIC).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            Map<TopicPartition, Long> ends = from(consumer, partitions, since);
            long deadline = System.nanoTime() + CALL.toNanos();
            while (!reached(consumer, ends) && System.nanoTime() < deadline) {
                for (ConsumerRecord<String, String> event : consumer.poll(POLL)) {
                    Line line = line(event);
                    if (cluster.equals(event.key()) && !line.time().isBefore(since)) {
                        found.add(line);
                    }
                }
            }
        }
        found.sort(Comparator.comparing(Line::time));
        return found;
    }

    private static Map<TopicPartition, Long> from(
            KafkaConsumer<String, String> consumer, List<TopicPartition> partitions, Instant since) {
        consumer.assign(partitions);
        Map<TopicPartition, Long> times = new HashMap<>();
        partitions.forEach(partition -> times.put(partition, since.toEpochMilli()));
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, OffsetAndTimestamp> starts = consumer.offsetsForTimes(times);
        for (TopicPartition partition : partitions) {
            OffsetAndTimestamp start = starts.get(partition);
            consumer.seek(partition, start == null ? ends.getOrDefault(partition, 0L) : start.offset());
        }
        return ends;
    }

    private static boolean reached(KafkaConsumer<String, String> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private static Line line(ConsumerRecord<String, String> event) {
        return new Line(
                header(event, "ce_id"),
                header(event, "ce_type"),
                Instant.parse(header(event, "ce_time")),
                header(event, "ce_subject"),
                event.value());
    }

    private static String header(ConsumerRecord<String, String> event, String name) {
        Header header = event.headers().lastHeader(name);
        if (header == null) {
            throw new IllegalStateException("an event at " + event.topic() + "/" + event.partition() + "/"
                    + event.offset() + " without " + name);
        }
        return new String(header.value(), StandardCharsets.UTF_8);
    }
}
