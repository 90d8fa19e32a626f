package io.redfleet.gateway.edge.kafka;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.DeadLetters;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Unreadable;
import java.time.InstantSource;
import org.jboss.logging.Logger;

/**
 * What this gateway could not read: a dead letter and a line in the log, and reading goes on. Never waits: it is
 * told on the reading thread. A letter that the bus does not take is written again by the next start, which reads
 * the same record.
 */
public final class PassedOver implements BusReading.Unread {
    private static final Logger LOG = Logger.getLogger(PassedOver.class);

    private final BusProducer producer;
    private final DeadLetters letters;

    public PassedOver(BusProducer producer, String reader, InstantSource clock) {
        this.producer = producer;
        this.letters = new DeadLetters(reader, clock);
    }

    @Override
    public void unreadable(BusRecord record, Unreadable why) {
        String reason = String.valueOf(why.getMessage());
        LOG.errorf("unreadable record %s: %s", record, reason);
        producer.send(letters.letter(record, reason)).whenComplete((position, failure) -> {
            if (failure != null) {
                LOG.warnf("dead letter for %s not on the bus: %s", record, Envelopes.cause(failure));
            }
        });
    }
}
