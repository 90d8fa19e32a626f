package io.redfleet.alert.route;

import java.time.Duration;

/** Whether a receiver is told again of what lasts. */
public sealed interface Repeat {
    record Never() implements Repeat {}

    /** @param period between the last notice of an incident and its reminder */
    record Every(Duration period) implements Repeat {}
}
