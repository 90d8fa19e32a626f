package io.redfleet.alert.edge.store;

import io.redfleet.alert.delivery.Delivery;
import io.redfleet.alert.route.ReceiverName;
import io.redfleet.contracts.alert.IncidentId;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What has come due. */
public final class DueRows {
    private static final int CASES = 100;
    private static final int REMINDERS = 100;
    /** Of a delivery: it reminds of what is acknowledged or over by now. */
    private static final String OUTDATED =
            "d.reminder > 0 and not exists (select 1 from incident i where i.id = d.incident"
                    + " and i.state = 'OPEN')";

    private final Rows rows;

    DueRows(Rows rows) {
        this.rows = rows;
    }

    /** Incidents whose hold-down is over, the longest waiting first; at most {@value #CASES}. */
    public List<IncidentId> cases(Instant now) {
        return rows.all(
                "select id from incident where decide_at <= ? order by decide_at limit " + CASES,
                row -> new IncidentId(row.getString("id")),
                now);
    }

    /** Incidents of which this receiver was told last at {@code since} or before; at most {@value #REMINDERS}. */
    public List<IncidentId> reminders(ReceiverName receiver, Instant since) {
        return rows.all(
                "select incident from reminder where receiver = ? and since <= ? order by since limit " + REMINDERS,
                row -> new IncidentId(row.getString("incident")),
                receiver.value(),
                since);
    }

    /** Reminders that nobody is trying, and nobody has to take any more. */
    public List<Delivery> outdated(Instant now) {
        return rows.all(
                "select d.* from delivery d where d.state = 'QUEUED' and " + OUTDATED
                        + " and (d.claimed_until is null or d.claimed_until < ?) for update skip locked",
                DueRows::read,
                now);
    }

    /**
     * One delivery for this receiver, claimed for {@code claim}. Notices of one incident keep their order: a later one
     * waits until the earlier is sent or given up. A reminder that is outdated is not among them.
     */
    public Optional<Delivery> claim(ReceiverName receiver, Instant now, Duration claim) {
        return rows.first(
                "update delivery set claimed_until = ? where (notice_key, receiver) = ("
                        + "select d.notice_key, d.receiver from delivery d"
                        + " where d.receiver = ? and d.state = 'QUEUED' and d.next_at <= ?"
                        + " and (d.claimed_until is null or d.claimed_until < ?) and not (" + OUTDATED + ")"
                        + " and not exists (select 1 from delivery e where e.incident = d.incident"
                        + " and e.receiver = d.receiver and e.state = 'QUEUED' and e.number < d.number)"
                        + " order by d.next_at limit 1 for update skip locked) returning *",
                DueRows::read,
                now.plus(claim),
                receiver.value(),
                now,
                now);
    }

    /** Queued for receivers that are not set up any more. */
    public List<Delivery> orphans(List<ReceiverName> receivers) {
        return rows.all(
                "select * from delivery where state = 'QUEUED' and receiver <> all(?) for update skip locked",
                DueRows::read,
                receivers.stream().map(ReceiverName::value).toList());
    }

    private static Delivery read(ResultSet row) throws SQLException {
        var subject = new Delivery.Subject(
                new IncidentId(row.getString("incident")),
                new ClusterName(row.getString("cluster")),
                new ClusterUid(row.getString("uid")));
        return new Delivery(
                subject,
                row.getString("notice_key"),
                new ReceiverName(row.getString("receiver")),
                row.getInt("reminder"),
                row.getString("body"),
                row.getInt("attempts"),
                Rows.instant(row, "queued_at"),
                row.getString("last_error"));
    }
}
