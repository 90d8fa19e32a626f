package io.redfleet.alert.edge.store;

import io.redfleet.alert.delivery.Answer;
import io.redfleet.alert.desk.Desk;
import io.redfleet.alert.route.ReceiverName;
import io.redfleet.contracts.alert.IncidentId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Brings what has come due to the desk: hold-downs that are over, and notices for receivers that are gone. */
public final class Ticker implements StoreLoop.Step {
    private final Store store;
    private final Schema schema;
    private final Desk desk;
    private final List<ReceiverName> receivers;
    private final InstantSource clock;

    public Ticker(Store store, Schema schema, Desk desk, List<ReceiverName> receivers, InstantSource clock) {
        this.store = store;
        this.schema = schema;
        this.desk = desk;
        this.receivers = List.copyOf(receivers);
        this.clock = clock;
    }

    @Override
    public boolean run() {
        schema.ready();
        Instant now = clock.instant();
        List<IncidentId> due = store.inTransaction(tx -> {
            tx.due()
                    .orphans(receivers)
                    .forEach(orphan -> desk.attempted(orphan, new Answer.Never("no such receiver is set up"), tx, now));
            return tx.due().cases(now);
        });
        for (IncidentId id : due) {
            store.inTransaction(tx -> {
                desk.due(id, tx, now);
                return true;
            });
        }
        return false;
    }
}
