package io.redfleet.alert.audit;

import java.time.Instant;

/**
 * One event as it is kept. Words that an event does not have are empty.
 *
 * @param type as on the wire, as in {@code io.redfleet.instance.down.v1}
 * @param actor the name of the token that caused it
 * @param data the whole data object, as JSON text
 */
public record AuditEntry(
        String source,
        String id,
        String type,
        Instant time,
        String subject,
        Subject about,
        String reason,
        String correlation,
        String actor,
        String data) {
    /** @param cluster {@code _fleet} for what belongs to none */
    public record Subject(String cluster, String uid, String instance) {}
}
