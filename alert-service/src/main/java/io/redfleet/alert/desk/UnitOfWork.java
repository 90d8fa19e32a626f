package io.redfleet.alert.desk;

import io.redfleet.alert.audit.AuditBook;
import io.redfleet.alert.delivery.Deliveries;
import io.redfleet.alert.delivery.Reminders;
import io.redfleet.alert.incident.Cases;
import io.redfleet.alert.notice.NoticeLog;

/** What lasts together or not at all. */
public interface UnitOfWork {
    AuditBook audit();

    Cases cases();

    NoticeLog notices();

    Deliveries deliveries();

    Reminders reminders();

    Voice voice();
}
