package io.redfleet.gateway.access;

import io.redfleet.contracts.event.Fact;
import java.time.Duration;

/**
 * The audit trail ahead of the deed: what cannot be told is not done.
 *
 * <p>A death in between leaves a fact that tells of more than was done, never a deed that nobody was told of. Who tries
 * again tells the same fact: its id has no chance and no clock in it.
 */
public interface WriteAhead {
    /** Returns once it is told for good, or is not known to be; waits at most for the time given. */
    Told tell(Fact fact, Duration patience) throws InterruptedException;

    /** How it went. */
    sealed interface Told {
        record Durable() implements Told {}

        /** Not known to be on the bus. It may still get there. */
        record Failed(String reason) implements Told {}
    }
}
