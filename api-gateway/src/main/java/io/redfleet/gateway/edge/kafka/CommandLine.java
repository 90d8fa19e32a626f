package io.redfleet.gateway.edge.kafka;

import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.wire.Order;
import io.redfleet.gateway.order.Line;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.reactive.messaging.MutinyEmitter;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Orders by the {@code commands} channel. */
public final class CommandLine implements Line {
    /** One lost connection is normal and mended in less; beyond it the caller hears "try again" at once. */
    private static final Duration AWAY = Duration.ofSeconds(3);

    private final MutinyEmitter<byte[]> channel;
    private final Supplier<Duration> silence;

    public CommandLine(MutinyEmitter<byte[]> channel, Supplier<Duration> silence) {
        this.channel = channel;
        this.silence = silence;
    }

    /** Why nothing is sent: nobody is made to wait for a broker that is known to be away. */
    static Optional<String> away(Duration silence) {
        return silence.compareTo(AWAY) > 0
                ? Optional.of("Kafka has not answered for " + silence.toSeconds() + " s")
                : Optional.empty();
    }

    @Override
    public Sent send(Order order, Duration patience) {
        Optional<String> away = away(silence.get());
        if (away.isPresent()) {
            return new Sent.Failed(away.get());
        }
        try {
            BusMessage message = BusMessage.of(Topic.COMMANDS, order.cluster().value(), order);
            channel.sendMessage(Envelopes.of(message)).await().atMost(patience);
            return new Sent.Durable();
        } catch (TimeoutException e) {
            return new Sent.Failed("Kafka did not confirm within " + patience.toSeconds() + " s");
        } catch (RuntimeException e) {
            // What the channel throws is the client's failure in several wrappings, or a full buffer; none is a bug of
            // ours.
            return new Sent.Failed("Kafka did not take it: " + Envelopes.cause(e));
        }
    }
}
