package io.redfleet.alert.edge.kafka;

import io.redfleet.alert.desk.Desk;
import io.redfleet.alert.desk.Heard;
import io.redfleet.alert.edge.store.OffsetRows;
import io.redfleet.alert.edge.store.Tx;
import io.redfleet.bus.DeadLetters;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.EventRecord;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.wire.Order;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** One record from the bus to the desk; what cannot be read becomes a dead letter, and reading goes on. */
public final class Intake {
    private final Desk desk;
    private final InstantSource clock;
    private final DeadLetters letters;

    public Intake(Desk desk, InstantSource clock, String reader) {
        this.desk = desk;
        this.clock = clock;
        this.letters = new DeadLetters(reader, clock);
    }

    void take(BusRecord record, OffsetRows.Mark mark, Tx tx) {
        Instant now = clock.instant();
        try {
            if (record.topic() == Topic.COMMANDS) {
                desk.take(record.as(Order.class), tx, now);
            } else {
                event(record.event(), record, mark, tx);
            }
        } catch (Unreadable e) {
            passOver(record, String.valueOf(e.getMessage()), tx);
        }
    }

    /** The record as a dead letter, and nothing else. */
    void passOver(BusRecord record, String why, Tx tx) {
        tx.deadLetters().deadLetter(letters.of(record, why));
    }

    private void event(EventRecord event, BusRecord record, OffsetRows.Mark mark, Tx tx) {
        Heard heard;
        try {
            Optional<Fact> fact = event.fact();
            heard = fact.isPresent()
                    ? new Heard.Known(Entries.of(event), fact.get(), record.offset() < mark.oldUntil())
                    : new Heard.Unknown(Entries.of(event));
        } catch (Unreadable e) {
            // The audit trail keeps it as it is; what it means cannot be known.
            passOver(record, event.type() + ": " + e.getMessage(), tx);
            heard = new Heard.Unknown(Entries.of(event));
        }
        desk.take(heard, tx, clock.instant());
    }
}
