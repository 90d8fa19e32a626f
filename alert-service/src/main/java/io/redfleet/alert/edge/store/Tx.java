package io.redfleet.alert.edge.store;

import io.redfleet.alert.audit.AuditBook;
import io.redfleet.alert.delivery.Deliveries;
import io.redfleet.alert.delivery.Reminders;
import io.redfleet.alert.desk.UnitOfWork;
import io.redfleet.alert.desk.Voice;
import io.redfleet.alert.incident.Cases;
import io.redfleet.alert.notice.NoticeLog;

/** One transaction. Not thread-safe, and of no use after its end. */
public final class Tx implements UnitOfWork {
    private final Rows rows;
    private final OutboxVoice voice;

    Tx(Rows rows) {
        this.rows = rows;
        this.voice = new OutboxVoice(rows);
    }

    @Override
    public AuditBook audit() {
        return new AuditRows(rows);
    }

    @Override
    public Cases cases() {
        return new CaseRows(rows);
    }

    @Override
    public NoticeLog notices() {
        return new NoticeRows(rows);
    }

    @Override
    public Deliveries deliveries() {
        return new DeliveryRows(rows);
    }

    @Override
    public Reminders reminders() {
        return new ReminderRows(rows);
    }

    @Override
    public Voice voice() {
        return voice;
    }

    public OffsetRows offsets() {
        return new OffsetRows(rows);
    }

    public OutboxRows outbox() {
        return new OutboxRows(rows);
    }

    /** What waits for one thing or another to be done with it. */
    public DueRows due() {
        return new DueRows(rows);
    }

    PastRows past() {
        return new PastRows(rows, voice);
    }

    /** For what could not be read. */
    public OutboxVoice deadLetters() {
        return voice;
    }

    public AuditSearch search() {
        return new AuditSearch(rows);
    }
}
