package io.redfleet.gateway.edge.kafka;

import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.access.TokenRecord;
import io.redfleet.gateway.order.Seen;
import java.time.Duration;
import java.util.List;

/** Writes the {@code access} topic. */
public final class TokenTopic {
    private final Acknowledged bus;
    private final Seen seen;

    public TokenTopic(Acknowledged bus, Seen seen) {
        this.bus = bus;
        this.seen = seen;
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
        return switch (bus.send(BusMessage.of(Topic.ACCESS, record.id(), record), patience)) {
            case Acknowledged.Sent.At at ->
                seen.passed(List.of(at.position()), shownWithin) ? new Kept.Shown() : new Kept.OnBus();
            case Acknowledged.Sent.Failed failed -> new Kept.NotSent(failed.reason());
        };
    }
}
