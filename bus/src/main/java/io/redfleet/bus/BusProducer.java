package io.redfleet.bus;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.wire.Position;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * Sends records, in the order of the calls per partition. Thread-safe.
 *
 * <p>The stage completes on the producer's own thread once all replicas have the record, or fails with a {@link
 * KafkaException} when they did not within the delivery time: then it may or may not be on the bus, and sending it again is
 * safe, because every record of ours is idempotent by its id or its key. Callers must not block in what they attach.
 */
public final class BusProducer implements AutoCloseable {
    private final KafkaProducer<String, byte[]> producer;

    public BusProducer(BusSettings settings, Duration delivery) {
        this.producer = new KafkaProducer<>(settings.producer(delivery));
    }

    /**
     * May block up to 2 s while the broker is away and nothing is known of the topic yet; not for an event loop before
     * the first send has come back.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // the callback tells the same, and without a blocking wait
    public CompletionStage<Position> send(BusMessage message) {
        CompletableFuture<Position> sent = new CompletableFuture<>();
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(message.topic().fullName(), message.key(), message.value());
        for (Map.Entry<String, String> header : message.headers().entrySet()) {
            record.headers().add(header.getKey(), header.getValue().getBytes(UTF_8));
        }
        try {
            producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    sent.complete(new Position(metadata.topic(), metadata.partition(), metadata.offset()));
                } else {
                    sent.completeExceptionally(failure);
                }
            });
        } catch (KafkaException e) {
            sent.completeExceptionally(e);
        }
        return sent;
    }

    /** Learns where the topic lies, so that the first send to it need not; blocks up to 2 s, and failing changes nothing. */
    public void know(Topic topic) {
        try {
            producer.partitionsFor(topic.fullName());
        } catch (KafkaException e) {
            // The first send will ask again, and say so if it is in vain.
        }
    }

    /** Waits up to 5 s for what is under way. */
    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
