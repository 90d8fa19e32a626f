package io.redfleet.alert.edge.store;

import io.redfleet.alert.delivery.Answer;
import io.redfleet.alert.desk.Desk;
import io.redfleet.alert.route.ReceiverName;
import io.redfleet.contracts.alert.IncidentId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings what has come due to the desk: hold-downs that are over, reminders, and notices for receivers that are gone.
 *
 * <p>Nobody is reminded until what came on the bus has been read, or {@link #LONGEST_WAIT} has passed: after an outage of our
 * own, what has to be reminded of may have been mended long ago. Where the bus itself is away, what is known has to do.
 */
public final class Ticker implements StoreLoop.Step {
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final Store store;
    private final Schema schema;
    private final Desk desk;
    private final List<ReceiverName> receivers;
    private final InstantSource clock;
    private final BooleanSupplier readOn;
    private @Nullable Instant behindSince; // loop's thread only

    /** @param readOn whether what came on the bus has been read */
    public Ticker(
            Store store,
            Schema schema,
            Desk desk,
            List<ReceiverName> receivers,
            InstantSource clock,
            BooleanSupplier readOn) {
        this.store = store;
        this.schema = schema;
        this.desk = desk;
        this.receivers = List.copyOf(receivers);
        this.clock = clock;
        this.readOn = readOn;
    }

    @Override
    public boolean run() {
        schema.ready();
        Instant now = clock.instant();
        List<IncidentId> due = store.inTransaction(tx -> {
            tx.due()
                    .orphans(receivers)
                    .forEach(orphan -> desk.attempted(orphan, new Answer.Never("no such receiver is set up"), tx, now));
            tx.due().outdated(now).forEach(reminder -> desk.outdated(reminder, tx, now));
            return tx.due().cases(now);
        });
        for (IncidentId id : due) {
            store.inTransaction(tx -> {
                desk.due(id, tx, now);
                return true;
            });
        }
        Map<ReceiverName, Duration> periods = desk.periods();
        if (!periods.isEmpty() && mayRemind(now)) {
            periods.forEach((receiver, period) -> remind(receiver, now.minus(period), now));
        }
        return false;
    }

    private void remind(ReceiverName receiver, Instant since, Instant now) {
        for (IncidentId id : store.inTransaction(tx -> tx.due().reminders(receiver, since))) {
            store.inTransaction(tx -> {
                desk.remind(id, receiver, tx, now);
                return true;
            });
        }
    }

    private boolean mayRemind(Instant now) {
        if (readOn.getAsBoolean()) {
            behindSince = null;
            return true;
        }
        Instant behind = behindSince == null ? now : behindSince;
        behindSince = behind;
        return !now.isBefore(behind.plus(LONGEST_WAIT));
    }
}
