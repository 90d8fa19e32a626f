package io.redfleet.alert.edge.webhook;

import io.redfleet.alert.delivery.Answer;
import io.redfleet.alert.delivery.Delivery;
import io.redfleet.alert.delivery.Receiver;
import io.redfleet.alert.desk.Desk;
import io.redfleet.alert.edge.store.Schema;
import io.redfleet.alert.edge.store.Store;
import io.redfleet.alert.edge.store.StoreLoop;
import io.redfleet.alert.route.ReceiverName;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Carries the notices of one receiver, one at a time, so that a receiver that hangs delays nobody but itself.
 *
 * <p>A delivery is claimed, attempted outside of any transaction, and settled. Whoever dies in between leaves the claim,
 * and the attempt is made again when it runs out.
 */
public final class Courier implements StoreLoop.Step {
    /** On top of the receiver's deadline: looking its name up, and settling. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private final ReceiverName name;
    private final Receiver receiver;
    private final Desk desk;
    private final Counter counter;
    private final InstantSource clock;

    /** Where deliveries lie, and whom to tell that there is something to say. */
    public record Counter(Store store, Schema schema, Runnable afterwards) {}

    public Courier(ReceiverName name, Receiver receiver, Desk desk, Counter counter, InstantSource clock) {
        this.name = name;
        this.receiver = receiver;
        this.desk = desk;
        this.counter = counter;
        this.clock = clock;
    }

    @Override
    public boolean run() {
        counter.schema().ready();
        Optional<Delivery> claimed = counter.store()
                .inTransaction(tx -> tx.due()
                        .claim(name, clock.instant(), receiver.deadline().plus(MARGIN)));
        if (claimed.isEmpty()) {
            return false;
        }
        Delivery delivery = claimed.get();
        Answer answer = receiver.deliver(delivery);
        counter.store().inTransaction(tx -> desk.attempted(delivery, answer, tx, clock.instant()));
        counter.afterwards().run();
        return true;
    }
}
