package io.redfleet.alert.edge.store;

import io.redfleet.contracts.wire.Position;
import java.util.Map;
import java.util.stream.Collectors;

/** How far the bus has been read. */
public final class OffsetRows {
    /**
     * @param next the first offset whose effects are not in the database
     * @param oldUntil what lies below was on the bus before this database began
     */
    public record Mark(long next, long oldUntil) {}

    private final Rows rows;

    OffsetRows(Rows rows) {
        this.rows = rows;
    }

    /** Begins a partition; one that has begun stays as it is. */
    public void begin(Position first, long end) {
        rows.change(
                "insert into reader_offset (topic, partition, next_offset, old_until) values (?, ?, ?, ?)"
                        + " on conflict do nothing",
                first.topic(),
                first.partition(),
                first.offset(),
                end);
    }

    /** Begins a partition of a bus that has itself begun anew: nothing that lies on it was there before this database. */
    public void beginAgain(Position first) {
        rows.change(
                "update reader_offset set next_offset = ?, old_until = ? where topic = ? and partition = ?",
                first.offset(),
                first.offset(),
                first.topic(),
                first.partition());
    }

    /**
     * Notes which topic the offsets of this name are of.
     *
     * @param id what Kafka calls it
     * @return whether they were of another one
     */
    public boolean moved(String topic, String id) {
        rows.change("insert into bus_topic (topic, id) values (?, ?) on conflict do nothing", topic, id);
        // Of two processes that notice it at once one begins again; the other would take back what that has read.
        return rows.change("update bus_topic set id = ? where topic = ? and id <> ?", id, topic, id) > 0;
    }

    /** By partition. */
    public Map<Integer, Mark> of(String topic) {
        record Row(int partition, Mark mark) {}
        return rows
                .all(
                        "select partition, next_offset, old_until from reader_offset where topic = ?",
                        row -> new Row(
                                row.getInt("partition"),
                                new Mark(row.getLong("next_offset"), row.getLong("old_until"))),
                        topic)
                .stream()
                .collect(Collectors.toMap(Row::partition, Row::mark));
    }

    /** Held against any other reader until the transaction ends: two processes cannot both take the same record. */
    public Mark hold(String topic, int partition) {
        return rows.first(
                        "select next_offset, old_until from reader_offset where topic = ? and partition = ? for update",
                        row -> new Mark(row.getLong("next_offset"), row.getLong("old_until")),
                        topic,
                        partition)
                .orElseThrow(() -> new IllegalStateException("no offset is kept for " + topic + "-" + partition));
    }

    public void moveTo(Position next) {
        rows.change(
                "update reader_offset set next_offset = ? where topic = ? and partition = ?",
                next.offset(),
                next.topic(),
                next.partition());
    }
}
