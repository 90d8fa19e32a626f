package io.redfleet.alert.delivery;

import java.time.Duration;

/** Takes notices, somewhere outside. */
public interface Receiver {
    /** Makes one attempt and returns within the receiver's own deadline; what goes wrong is an answer too. */
    Answer deliver(Delivery delivery);

    /** How long one attempt may last. */
    Duration deadline();
}
