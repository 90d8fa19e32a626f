package io.redfleet.alert.edge.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.codec.Codec;
import io.redfleet.bus.topics.Topic;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** What waits to be said on the bus. */
public final class OutboxRows {
    /** A number of our own for {@code pg_try_advisory_xact_lock}: "alrt". */
    private static final long SENDER_LOCK = 0x616c7274L;
    /** At most 50 bundles of a few records each: far less than the producer's buffer. */
    private static final int BUNDLES = 50;

    private static final TypeReference<Map<String, String>> HEADERS = new TypeReference<>() {};

    /** One message of a bundle. */
    public record Waiting(long seq, long bundle, BusMessage message) {}

    private final Rows rows;

    OutboxRows(Rows rows) {
        this.rows = rows;
    }

    /**
     * The oldest whole bundles, in order; empty also while another process sends. Only one process sends at a time, or
     * an older state could follow a newer one onto the bus.
     */
    public List<Waiting> oldest() {
        boolean ours = rows.first(
                        "select pg_try_advisory_xact_lock(?) as ours", row -> row.getBoolean("ours"), SENDER_LOCK)
                .orElse(false);
        if (!ours) {
            return List.of();
        }
        return rows.all(
                "select seq, bundle, topic, key, headers, value from outbox where bundle in"
                        + " (select bundle from outbox group by bundle order by min(seq) limit " + BUNDLES + ")"
                        + " order by seq",
                OutboxRows::read);
    }

    public void sent(List<Waiting> all) {
        rows.change(
                "delete from outbox where seq = any(?::bigint[])",
                all.stream().map(one -> Long.toString(one.seq())).toList());
    }

    private static Waiting read(ResultSet row) throws SQLException {
        String topic = row.getString("topic");
        try {
            BusMessage message = new BusMessage(
                    Topic.byFullName(topic).orElseThrow(() -> new IllegalStateException("no topic of ours: " + topic)),
                    row.getString("key"),
                    Codec.mapper().readValue(row.getString("headers").getBytes(UTF_8), HEADERS),
                    row.getBytes("value"));
            return new Waiting(row.getLong("seq"), row.getLong("bundle"), message);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("headers in the outbox cannot be read", e);
        } catch (java.io.IOException e) {
            throw new IllegalStateException("bytes in memory cannot fail to be read", e);
        }
    }
}
