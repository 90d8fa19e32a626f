package io.redfleet.alert.edge.store;

import io.redfleet.alert.audit.AuditBook;
import io.redfleet.alert.audit.AuditEntry;

/** The audit trail's writing side; what was seen before is known by id and source. */
final class AuditRows implements AuditBook {
    private final Rows rows;

    AuditRows(Rows rows) {
        this.rows = rows;
    }

    @Override
    public boolean recordOnce(AuditEntry entry) {
        return rows.change(
                        "insert into audit (event_id, source, type, time, subject, cluster, uid, instance, reason,"
                                + " correlation, actor, data) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                                + " on conflict do nothing",
                        entry.id(),
                        entry.source(),
                        entry.type(),
                        entry.time(),
                        entry.subject(),
                        entry.about().cluster(),
                        entry.about().uid(),
                        entry.about().instance(),
                        entry.reason(),
                        entry.correlation(),
                        entry.actor(),
                        entry.data())
                == 1;
    }
}
