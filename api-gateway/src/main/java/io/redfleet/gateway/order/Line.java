package io.redfleet.gateway.order;

import io.redfleet.contracts.wire.Order;
import java.time.Duration;

/** The way an order takes to the bus. */
public interface Line {
    /** Sends and waits until the bus has it for good, at most for the time given. */
    Sent send(Order order, Duration patience) throws InterruptedException;

    /** How it went. */
    sealed interface Sent {
        record Durable() implements Sent {}

        /** Not known to be on the bus. It may still get there: an order is harmless twice, its id is the same. */
        record Failed(String reason) implements Sent {}
    }
}
