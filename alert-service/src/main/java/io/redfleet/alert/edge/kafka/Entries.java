package io.redfleet.alert.edge.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.alert.audit.AuditEntry;
import io.redfleet.bus.codec.EventRecord;

/** Events as the audit trail keeps them. What an event of a later release does not say stays empty. */
final class Entries {
    private Entries() {}

    static AuditEntry of(EventRecord event) {
        var about = new AuditEntry.Subject(event.key(), word(event, "uid"), word(event, "instance"));
        return new AuditEntry(
                event.source(),
                event.id(),
                event.type(),
                event.time(),
                event.subject(),
                about,
                word(event, "reason"),
                word(event, "correlation"),
                event.data().path("actor").path("name").asText(""),
                new String(event.body(), UTF_8));
    }

    private static String word(EventRecord event, String field) {
        JsonNode value = event.data().path(field);
        return value.isTextual() ? value.asText() : "";
    }
}
