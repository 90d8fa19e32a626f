package io.redfleet.gateway.edge.kafka;

import io.redfleet.bus.codec.BusMessage;
import io.redfleet.contracts.event.Fact;
import io.redfleet.gateway.access.WriteAhead;
import java.time.Duration;

/** Writes the {@code events} topic, ahead of what the events tell of. */
public final class EventTopic implements WriteAhead {
    private final Acknowledged bus;

    public EventTopic(Acknowledged bus) {
        this.bus = bus;
    }

    @Override
    public Told tell(Fact fact, Duration patience) throws InterruptedException {
        return switch (bus.send(BusMessage.of(fact), patience)) {
            case Acknowledged.Sent.At at -> new Told.Durable();
            case Acknowledged.Sent.Failed failed -> new Told.Failed(failed.reason());
        };
    }
}
