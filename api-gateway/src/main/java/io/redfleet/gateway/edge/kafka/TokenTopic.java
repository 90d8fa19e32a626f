package io.redfleet.gateway.edge.kafka;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.access.TokenRecord;
import io.redfleet.contracts.wire.Position;
import io.redfleet.gateway.order.Line.Sent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Writes the {@code access} topic. */
public final class TokenTopic {
    private final BusProducer producer;
    private final BusReading reading;

    public TokenTopic(BusProducer producer, BusReading reading) {
        this.producer = producer;
        this.reading = reading;
    }

    /** Waits until the bus has it and the views show it. */
    public Sent write(TokenRecord record, Duration patience) throws InterruptedException {
        try {
            Position position = producer.send(BusMessage.of(Topic.ACCESS, record.id(), record))
                    .toCompletableFuture()
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return reading.passed(List.of(position), patience)
                    ? new Sent.Durable()
                    : new Sent.Failed("written, but not seen yet");
        } catch (ExecutionException e) {
            return new Sent.Failed("Kafka did not take it: " + Envelopes.cause(e));
        } catch (TimeoutException e) {
            return new Sent.Failed("Kafka did not confirm within " + patience.toSeconds() + " s");
        }
    }
}
