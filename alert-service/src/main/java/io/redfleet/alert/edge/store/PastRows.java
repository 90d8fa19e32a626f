package io.redfleet.alert.edge.store;

import io.redfleet.contracts.alert.IncidentId;
import io.redfleet.contracts.cluster.ClusterName;
import java.time.Instant;
import java.util.List;

/** Removes what is past its time. */
final class PastRows {
    private record Past(IncidentId id, ClusterName cluster) {}

    private final Rows rows;
    private final OutboxVoice voice;

    PastRows(Rows rows, OutboxVoice voice) {
        this.rows = rows;
        this.voice = voice;
    }

    /** Removes incidents that were resolved before then, here and from the bus; how many. */
    int incidents(Instant before, int atMost) {
        List<Past> past = rows.all(
                "select id, cluster from incident where state = 'RESOLVED' and updated_at < ? order by updated_at"
                        + " limit " + atMost + " for update skip locked",
                row -> new Past(new IncidentId(row.getString("id")), new ClusterName(row.getString("cluster"))),
                before);
        for (Past one : past) {
            rows.change("delete from delivery where incident = ?", one.id().value());
            rows.change("delete from reminder where incident = ?", one.id().value());
            rows.change("delete from incident where id = ?", one.id().value());
            voice.forget(one.cluster(), one.id());
        }
        return past.size();
    }

    /** Removes audit entries of events that happened before then; how many. */
    int entries(Instant before, int atMost) {
        return rows.change(
                "delete from audit where number in (select number from audit where time < ? order by time limit "
                        + atMost + ")",
                before);
    }
}
