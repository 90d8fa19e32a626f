package io.redfleet.e2e;

import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.CloudEventDeserializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * What another team would write: a Kafka consumer and a CloudEvents library, and nothing of Redfleet's own code. Reads
 * {@code redfleet.events.v1} from its beginning and keeps what it saw, in order per partition.
 */
final class PlainConsumer implements AutoCloseable {
    private final KafkaConsumer<String, CloudEvent> consumer;
    private final List<CloudEvent> seen = new CopyOnWriteArrayList<>();
    private final Thread thread;

    /** @param login the file of the account {@code consumer}, which may join groups whose names begin so */
    PlainConsumer(String bootstrap, Path login) {
        Properties settings = new Properties();
        try (var in = Files.newBufferedReader(login)) {
            settings.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, "consumer-another-team-" + UUID.randomUUID());
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class.getName());
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, CloudEventDeserializer.class.getName());
        this.consumer = new KafkaConsumer<>(settings);
        this.thread = new Thread(this::read, "another-team");
        thread.start();
    }

    List<CloudEvent> seen() {
        return seen;
    }

    /** Types without prefix and version, as {@code instance.down}, in the order they were read. */
    List<String> types() {
        return seen.stream().map(PlainConsumer::shortType).toList();
    }

    Optional<CloudEvent> first(String shortType, Predicate<CloudEvent> which) {
        return seen.stream()
                .filter(event -> shortType(event).equals(shortType))
                .filter(which)
                .findFirst();
    }

    static String shortType(CloudEvent event) {
        return event.getType().replaceFirst("^io\\.redfleet\\.", "").replaceFirst("\\.v1$", "");
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        try (consumer) {
            consumer.subscribe(List.of("redfleet.events.v1"));
            while (true) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> seen.add(record.value()));
            }
        } catch (WakeupException e) {
            // close() ends the reading so.
        }
    }
}
