package io.redfleet.provisioner.order;

import io.redfleet.provisioner.drift.Rhythm;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Lets desks look at their clusters again and again, few at once in the whole process. */
public interface Rounds {
    /** When each cluster is looked at; empty: never. */
    Optional<Rhythm> rhythm();

    /**
     * Calls {@code round} again and again, never twice at once, until it answers false; each begins a moment after the one
     * before has ended. Returns at once.
     */
    void begin(BooleanSupplier round);
}
