package io.redfleet.alert.edge.store;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Takes away what is past its time: resolved incidents with their deliveries, also from the bus, and audit entries.
 *
 * <p>The audit trail must be kept for longer than the bus keeps events: an event that is forgotten here and read again
 * would count as new.
 */
public final class Sweeper implements StoreLoop.Step {
    /** How long each stays. */
    public record Keep(Duration resolved, Duration audit) {}

    /** Small enough that one transaction takes well under a second. */
    private static final int AT_ONCE = 500;

    private final Store store;
    private final Schema schema;
    private final Keep keep;
    private final InstantSource clock;

    public Sweeper(Store store, Schema schema, Keep keep, InstantSource clock) {
        this.store = store;
        this.schema = schema;
        this.keep = keep;
        this.clock = clock;
    }

    @Override
    public boolean run() {
        schema.ready();
        Instant now = clock.instant();
        int incidents = store.inTransaction(tx -> tx.past().incidents(now.minus(keep.resolved()), AT_ONCE));
        int entries = store.inTransaction(tx -> tx.past().entries(now.minus(keep.audit()), AT_ONCE));
        return incidents == AT_ONCE || entries == AT_ONCE;
    }
}
