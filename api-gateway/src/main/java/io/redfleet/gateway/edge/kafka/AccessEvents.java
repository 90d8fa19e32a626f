package io.redfleet.gateway.edge.kafka;

import io.redfleet.bus.codec.BusMessage;
import io.redfleet.contracts.event.Fact;
import io.redfleet.gateway.access.Audit;
import io.smallrye.reactive.messaging.MutinyEmitter;
import java.util.concurrent.Semaphore;
import org.jboss.logging.Logger;

/**
 * Refusals by the {@code access-events} channel.
 *
 * <p>A request that is refused does not wait for its audit event: nothing is done after it. At most
 * {@link #UNDER_WAY} are on the way; what comes on top, and what the bus does not take, goes to the log instead, so
 * that it is written somewhere.
 */
public final class AccessEvents implements Audit {
    /** Below the channel's own buffer of 256, which throws when it is full. */
    private static final int UNDER_WAY = 200;

    private static final Logger LOG = Logger.getLogger(AccessEvents.class);

    private final MutinyEmitter<byte[]> channel;
    private final Semaphore room = new Semaphore(UNDER_WAY);

    public AccessEvents(MutinyEmitter<byte[]> channel) {
        this.channel = channel;
    }

    @Override
    public void tell(Fact fact) {
        if (!room.tryAcquire()) {
            lost(fact, "too many are under way");
            return;
        }
        channel.sendMessage(Envelopes.of(BusMessage.of(fact)))
                .onTermination()
                .invoke(room::release)
                .subscribe()
                .with(sent -> {}, failure -> lost(fact, Envelopes.cause(failure)));
    }

    private static void lost(Fact fact, String why) {
        LOG.warnf(
                "access event not on the bus (%s): %s %s",
                why, fact.id(), fact.about().reason());
    }
}
