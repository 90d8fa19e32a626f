package io.redfleet.gateway.edge.kafka;

import io.redfleet.bus.codec.BusMessage;
import io.redfleet.contracts.wire.Position;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/** Sends one record and waits until Kafka has it. Blocks its caller; any number of threads may be in it. */
public final class Acknowledged {
    private final Function<BusMessage, CompletionStage<Position>> sender;
    private final Supplier<Duration> silence;

    /** @param silence for how long Kafka has not answered */
    public Acknowledged(Function<BusMessage, CompletionStage<Position>> sender, Supplier<Duration> silence) {
        this.sender = sender;
        this.silence = silence;
    }

    /** How it went. */
    sealed interface Sent {
        record At(Position position) implements Sent {}

        /** Not known to be on the bus. */
        record Failed(String reason) implements Sent {}
    }

    Sent send(BusMessage message, Duration patience) throws InterruptedException {
        Optional<String> away = CommandLine.away(silence.get());
        if (away.isPresent()) {
            return new Sent.Failed(away.get());
        }
        try {
            return new Sent.At(
                    sender.apply(message).toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            return new Sent.Failed("Kafka did not take it: " + Envelopes.cause(e));
        } catch (TimeoutException e) {
            return new Sent.Failed("Kafka did not confirm within " + patience.toSeconds() + " s");
        }
    }
}
