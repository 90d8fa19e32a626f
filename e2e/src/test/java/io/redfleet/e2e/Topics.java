package io.redfleet.e2e;

import io.redfleet.testkit.Installation;
import io.redfleet.testkit.TestBroker;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What lies on a topic, as the administrator of the broker sees it. */
final class Topics {
    private static final Duration READ_WITHIN = Duration.ofSeconds(30);

    private Topics() {}

    /** Every value from the beginning to the end that it has now, a line each. */
    static String text(Installation redfleet, String topic) {
        Map<String, Object> settings = new HashMap<>(TestBroker.settings(redfleet.login("admin")));
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, redfleet.bootstrap());
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
        StringBuilder text = new StringBuilder();
        Instant deadline = Instant.now().plus(READ_WITHIN);
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings)) {
            Collection<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(found -> new TopicPartition(found.topic(), found.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                if (Instant.now().isAfter(deadline)) {
                    throw new AssertionError(topic + " was not read to its end within " + READ_WITHIN);
                }
                consumer.poll(Duration.ofMillis(200))
                        .forEach(record -> text.append(record.value()).append('\n'));
            }
        }
        return text.toString();
    }
}
