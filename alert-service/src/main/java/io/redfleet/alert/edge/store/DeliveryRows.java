package io.redfleet.alert.edge.store;

import io.redfleet.alert.delivery.Deliveries;
import io.redfleet.alert.delivery.Delivery;
import io.redfleet.alert.delivery.Outlook;
import io.redfleet.alert.notice.Notice;
import io.redfleet.alert.route.ReceiverName;
import io.redfleet.contracts.alert.Incident;
import io.redfleet.contracts.alert.IncidentId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The outbox of notices. */
final class DeliveryRows implements Deliveries {
    private final Rows rows;

    DeliveryRows(Rows rows) {
        this.rows = rows;
    }

    @Override
    public void queue(Notice notice, ReceiverName receiver, List<String> eventIds) {
        Incident incident = notice.incident();
        rows.change(
                "insert into delivery (notice_key, number, reminder, receiver, incident, cluster, uid, body, queued_at,"
                        + " next_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
                notice.key(),
                notice.number(),
                notice.reminder(),
                receiver.value(),
                incident.id().value(),
                incident.cluster().value(),
                incident.uid().value(),
                NoticeBody.of(notice, story(eventIds)),
                notice.at(),
                notice.at());
    }

    @Override
    public Set<ReceiverName> receiversOf(IncidentId incident) {
        return new LinkedHashSet<>(rows.all(
                "select distinct receiver from delivery where incident = ? order by receiver",
                row -> new ReceiverName(row.getString("receiver")),
                incident.value()));
    }

    @Override
    public boolean onItsWay(IncidentId incident, ReceiverName receiver) {
        return rows.first(
                        "select 1 from delivery where incident = ? and receiver = ? and state = 'QUEUED' limit 1",
                        row -> true,
                        incident.value(),
                        receiver.value())
                .isPresent();
    }

    @Override
    public void settle(Delivery delivery, Outlook outlook) {
        String of = " where notice_key = ? and receiver = ?";
        String key = delivery.key();
        String receiver = delivery.receiver().value();
        switch (outlook) {
            case Outlook.Sent it ->
                rows.change(
                        "update delivery set state = 'SENT', attempts = ?, claimed_until = null, settled_at = now()"
                                + of,
                        it.attempts(),
                        key,
                        receiver);
            case Outlook.TryLater it ->
                rows.change(
                        "update delivery set attempts = ?, claimed_until = null, next_at = ?, last_error = ?" + of,
                        it.attempts(),
                        it.at(),
                        it.reason(),
                        key,
                        receiver);
            case Outlook.GaveUp it ->
                rows.change(
                        "update delivery set state = 'GIVEN_UP', attempts = ?, claimed_until = null,"
                                + " settled_at = now(), last_error = ?" + of,
                        it.attempts(),
                        it.reason(),
                        key,
                        receiver);
        }
    }

    private List<NoticeBody.Line> story(List<String> eventIds) {
        return rows.all(
                "select time, type, subject, reason from audit where event_id = any(?) order by time, number",
                row -> new NoticeBody.Line(
                        Rows.instant(row, "time"),
                        row.getString("type"),
                        row.getString("subject"),
                        row.getString("reason")),
                eventIds);
    }
}
