package io.redfleet.alert.edge.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.redfleet.alert.incident.Case;
import io.redfleet.alert.incident.Cases;
import io.redfleet.alert.incident.Trouble;
import io.redfleet.bus.codec.Codec;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.contracts.alert.Incident;
import io.redfleet.contracts.alert.IncidentId;
import io.redfleet.contracts.alert.Severity;
import io.redfleet.contracts.cluster.ClusterUid;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Incidents as their wire record, with their troubles beside it. */
final class CaseRows implements Cases {
    private static final TypeReference<LinkedHashMap<String, Severity>> TROUBLES = new TypeReference<>() {};

    private final Rows rows;

    CaseRows(Rows rows) {
        this.rows = rows;
    }

    @Override
    public List<Case> open(ClusterUid uid) {
        return rows.all(
                "select record, troubles from incident where uid = ? and state <> 'RESOLVED' order by opened_at, id"
                        + " for update",
                CaseRows::read,
                uid.value());
    }

    @Override
    public Optional<Case> find(IncidentId id) {
        return rows.first("select record, troubles from incident where id = ? for update", CaseRows::read, id.value());
    }

    @Override
    public void keep(Case one) {
        Incident incident = one.incident();
        rows.change(
                "insert into incident (id, cluster, uid, cause, state, opened_at, updated_at, record, troubles)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (id) do update set state = excluded.state,"
                        + " updated_at = excluded.updated_at, record = excluded.record, troubles = excluded.troubles",
                incident.id().value(),
                incident.cluster().value(),
                incident.uid().value(),
                incident.cause(),
                incident.state().name(),
                incident.openedAt(),
                incident.updatedAt(),
                new String(Codec.bytes(incident), UTF_8),
                troubles(one));
    }

    private static String troubles(Case one) {
        Map<String, Severity> words = new LinkedHashMap<>();
        one.open().forEach((trouble, severity) -> words.put(trouble.words(), severity));
        try {
            // Not by the codec's bytes(): the order in which they broke is kept.
            return Codec.mapper()
                    .writer()
                    .without(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .writeValueAsString(words);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("words and severities could not be written", e);
        }
    }

    private static Case read(ResultSet row) throws SQLException {
        try {
            Incident incident = Codec.read(row.getString("record").getBytes(UTF_8), Incident.class);
            Map<Trouble, Severity> open = new LinkedHashMap<>();
            Codec.mapper()
                    .readValue(row.getString("troubles"), TROUBLES)
                    .forEach((words, severity) -> open.put(Trouble.ofWords(words), severity));
            return new Case(incident, open);
        } catch (Unreadable | JsonProcessingException e) {
            throw new IllegalStateException("an incident in the database cannot be read", e);
        }
    }
}
