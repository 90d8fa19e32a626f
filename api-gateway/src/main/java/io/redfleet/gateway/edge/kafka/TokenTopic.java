package io.redfleet.gateway.edge.kafka;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.access.TokenRecord;
import io.redfleet.contracts.wire.Position;
import io.redfleet.gateway.order.Seen;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Writes the {@code access} topic. */
public final class TokenTopic {
    private final BusProducer producer;
    private final Seen seen;
    private final Supplier<Duration> silence;

    /** @param silence for how long Kafka has not answered */
    public TokenTopic(BusProducer producer, Seen seen, Supplier<Duration> silence) {
        this.producer = producer;
        this.seen = seen;
        this.silence = silence;
    }

    /** How far a record came. */
    public sealed interface Kept {
        /** On the bus, and in this gateway's views. */
        record Shown() implements Kept {}

        /** On the bus for good; this gateway's views are behind. */
        record OnBus() implements Kept {}

        /** Not known to be on the bus. */
        record NotSent(String reason) implements Kept {}
    }

    /**
     * @param patience for the bus to take it
     * @param shownWithin for the views to show it after that
     */
    public Kept write(TokenRecord record, Duration patience, Duration shownWithin) throws InterruptedException {
        Optional<String> away = CommandLine.away(silence.get());
        if (away.isPresent()) {
            return new Kept.NotSent(away.get());
        }
        try {
            Position position = producer.send(BusMessage.of(Topic.ACCESS, record.id(), record))
                    .toCompletableFuture()
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return seen.passed(List.of(position), shownWithin) ? new Kept.Shown() : new Kept.OnBus();
        } catch (ExecutionException e) {
            return new Kept.NotSent("Kafka did not take it: " + Envelopes.cause(e));
        } catch (TimeoutException e) {
            return new Kept.NotSent("Kafka did not confirm within " + patience.toSeconds() + " s");
        }
    }
}
