package io.redfleet.alert.desk;

import io.redfleet.alert.audit.AuditEntry;
import io.redfleet.contracts.event.Fact;

/** An event from the bus. */
public sealed interface Heard {
    AuditEntry entry();

    /** @param old whether it was on the bus before this database began: nobody is told of such a one any more */
    record Known(AuditEntry entry, Fact fact, boolean old) implements Heard {}

    /** Of a type that a later release has brought. */
    record Unknown(AuditEntry entry) implements Heard {}
}
