package io.redfleet.adopt.edge;

import java.time.Duration;

/**
 * How long is waited.
 *
 * @param connecting for a connection to one node
 * @param answering for all answers of one node, from when the connection stands
 * @param whole for the whole survey; afterwards nobody is asked any more
 */
public record Patience(Duration connecting, Duration answering, Duration whole) {
    /** A node in the same network answers within milliseconds; a dead machine does not answer at all. */
    public static final Patience USUAL =
            new Patience(Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofMinutes(2));

    public Patience {
        if (connecting.toMillis() < 1 || answering.toMillis() < 1 || whole.toMillis() < 1) {
            throw new IllegalArgumentException("a survey needs time");
        }
    }
}
