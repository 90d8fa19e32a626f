package io.redfleet.alert.edge.store;

import io.redfleet.alert.notice.NoticeLog;
import io.redfleet.alert.notice.Told;
import io.redfleet.contracts.alert.Incident;
import io.redfleet.contracts.alert.IncidentId;
import io.redfleet.contracts.alert.Severity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What was told stands in the incident's own row. */
final class NoticeRows implements NoticeLog {
    private final Rows rows;

    NoticeRows(Rows rows) {
        this.rows = rows;
    }

    @Override
    public Told told(IncidentId id) {
        return rows.first(
                        "select told, notices, told_severity, told_why from incident where id = ?",
                        NoticeRows::read,
                        id.value())
                .orElseThrow(() -> new IllegalStateException("no incident " + id + " is kept"));
    }

    @Override
    public void keep(IncidentId id, Told told, Instant at) {
        switch (told) {
            case Told.NotYet it -> update(id, "NOT_YET", told, null, null, null);
            case Told.Open it -> update(id, "OPEN", told, it.severity().name(), null, at);
            case Told.Over it -> update(id, "OVER", told, null, null, at);
            case Told.Never it -> update(id, "NEVER", told, null, it.why(), null);
        }
    }

    @Override
    public int toldOfSameSince(Incident incident, Instant since) {
        return rows.first(
                        "select count(*) as flaps from incident where uid = ? and cause = ? and first_told_at >= ?"
                                + " and id <> ?",
                        row -> row.getInt("flaps"),
                        incident.uid().value(),
                        incident.cause(),
                        since,
                        incident.id().value())
                .orElse(0);
    }

    @Override
    public void decideAt(IncidentId id, Instant when) {
        rows.change("update incident set decide_at = ? where id = ?", when, id.value());
    }

    @Override
    public void decided(IncidentId id) {
        rows.change("update incident set decide_at = null where id = ?", id.value());
    }

    private void update(
            IncidentId id,
            String word,
            Told told,
            @Nullable String severity,
            @Nullable String why,
            @Nullable Instant at) {
        rows.change(
                "update incident set told = ?, notices = ?, told_severity = ?, told_why = ?,"
                        + " first_told_at = coalesce(first_told_at, ?) where id = ?",
                word,
                told.notices(),
                severity,
                why,
                at,
                id.value());
    }

    private static Told read(ResultSet row) throws SQLException {
        int notices = row.getInt("notices");
        return switch (row.getString("told")) {
            case "NOT_YET" -> new Told.NotYet();
            case "OPEN" -> new Told.Open(notices, Severity.valueOf(row.getString("told_severity")));
            case "OVER" -> new Told.Over(notices);
            case "NEVER" -> new Told.Never(row.getString("told_why"));
            default -> throw new IllegalStateException("told is " + row.getString("told"));
        };
    }
}
