package io.redfleet.alert.edge.store;

import io.redfleet.alert.audit.AuditEntry;
import io.redfleet.alert.audit.AuditPage;
import io.redfleet.alert.audit.AuditQuery;
import io.redfleet.alert.audit.AuditTrail;
import io.redfleet.alert.audit.Cursor;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The audit trail's reading side: newest first. */
public final class AuditSearch implements AuditTrail {
    private static final String WIRE_PREFIX = "io.redfleet.";

    private final Rows rows;

    AuditSearch(Rows rows) {
        this.rows = rows;
    }

    @Override
    public AuditPage find(AuditQuery query) {
        List<Object> values = new ArrayList<>();
        String sql = "select * from audit where true" + conditions(query, values)
                + " order by time desc, number desc limit " + (query.limit() + 1);
        List<Found> found = rows.all(sql, AuditSearch::found, values.toArray());
        boolean more = found.size() > query.limit();
        List<Found> page = more ? found.subList(0, query.limit()) : found;
        return new AuditPage(
                page.stream().map(Found::entry).toList(), more ? page.getLast().place() : null);
    }

    private static String conditions(AuditQuery query, List<Object> values) {
        StringBuilder sql = new StringBuilder();
        if (!query.cluster().isEmpty()) {
            sql.append(" and cluster = ?");
            values.add(query.cluster());
        }
        if (!query.type().isEmpty()) {
            sql.append(" and type like ? escape '!'");
            values.add(typePattern(query.type()));
        }
        if (!query.actor().isEmpty()) {
            sql.append(" and actor = ? and actor <> ''");
            values.add(query.actor());
        }
        if (!query.correlation().isEmpty()) {
            sql.append(" and correlation = ? and correlation <> ''");
            values.add(query.correlation());
        }
        List<String> uids = query.uids();
        if (uids != null) {
            sql.append(" and uid = any (?)");
            values.add(uids);
        }
        Instant from = query.from();
        if (from != null) {
            sql.append(" and time >= ?");
            values.add(from);
        }
        Instant to = query.to();
        if (to != null) {
            sql.append(" and time < ?");
            values.add(to);
        }
        Cursor after = query.after();
        if (after != null) {
            sql.append(" and (time, number) < (?, ?)");
            values.add(after.time());
            values.add(after.number());
        }
        return sql.toString();
    }

    private static String typePattern(String type) {
        String whole = type.startsWith(WIRE_PREFIX) ? type : WIRE_PREFIX + type;
        return whole.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%";
    }

    private record Found(AuditEntry entry, Cursor place) {}

    private static Found found(ResultSet row) throws SQLException {
        var about = new AuditEntry.Subject(row.getString("cluster"), row.getString("uid"), row.getString("instance"));
        Instant time = Rows.instant(row, "time");
        var entry = new AuditEntry(
                row.getString("source"),
                row.getString("event_id"),
                row.getString("type"),
                time,
                row.getString("subject"),
                about,
                row.getString("reason"),
                row.getString("correlation"),
                row.getString("actor"),
                row.getString("data"));
        return new Found(entry, new Cursor(time, row.getLong("number")));
    }
}
