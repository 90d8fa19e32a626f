package io.redfleet.alert.edge.store;

import io.redfleet.alert.delivery.Reminders;
import io.redfleet.alert.notice.Reminded;
import io.redfleet.alert.route.ReceiverName;
import io.redfleet.contracts.alert.IncidentId;
import java.time.Instant;
import java.util.Optional;

/** A row for each receiver and incident. What it says never goes back, whichever of two writers comes last. */
final class ReminderRows implements Reminders {
    private final Rows rows;

    ReminderRows(Rows rows) {
        this.rows = rows;
    }

    @Override
    public Optional<Reminded> of(IncidentId incident, ReceiverName receiver) {
        return rows.first(
                "select since, reminders, withheld from reminder where incident = ? and receiver = ?",
                row -> new Reminded(Rows.instant(row, "since"), row.getInt("reminders"), row.getInt("withheld")),
                incident.value(),
                receiver.value());
    }

    @Override
    public void keep(IncidentId incident, ReceiverName receiver, Reminded reminded) {
        rows.change(
                "insert into reminder as r (incident, receiver, since, reminders, withheld) values (?, ?, ?, ?, ?)"
                        + " on conflict (incident, receiver) do update set since = greatest(r.since, excluded.since),"
                        + " reminders = greatest(r.reminders, excluded.reminders),"
                        + " withheld = greatest(r.withheld, excluded.withheld)",
                incident.value(),
                receiver.value(),
                reminded.since(),
                reminded.reminders(),
                reminded.withheld());
    }

    @Override
    public void taken(IncidentId incident, ReceiverName receiver, Instant at) {
        rows.change(
                "update reminder set since = greatest(since, ?) where incident = ? and receiver = ?",
                at,
                incident.value(),
                receiver.value());
    }

    @Override
    public void end(IncidentId incident) {
        rows.change("delete from reminder where incident = ?", incident.value());
    }
}
