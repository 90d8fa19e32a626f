package io.redfleet.bus.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redfleet.bus.codec.Codec;
import io.redfleet.contracts.operation.OperationState.Status;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;

/**
 * What becomes of operations that were under way when the backup was made.
 *
 * <p>A provisioner carries on what it finds unfinished. Since the backup such an operation has ended, or a person has
 * cancelled it; carried on from a backup, a removal of last week would be done today. So it comes back as failed: a
 * restore begins no work, whoever still wants it says so again.
 */
final class Unfinished {
    private static final Set<String> OPEN = Set.of(Status.WAITING.name(), Status.RUNNING.name());

    private Unfinished() {}

    /** The record of an operation as it is restored; one that is over, or that nobody can read, stays as it is. */
    static KeptRecord ended(KeptRecord record, Instant takenAt) {
        if (!(tree(record) instanceof ObjectNode operation)
                || !OPEN.contains(operation.path("status").asText())) {
            return record;
        }
        operation.put("status", Status.FAILED.name());
        operation.put("finishedAt", takenAt.toString());
        operation.put(
                "reason",
                "was under way when the backup of " + takenAt + " was made, which has been restored: not carried on;"
                        + " give the order again if it is still wanted");
        operation.putArray("expectsDown");
        byte[] told = Codec.bytes(operation);
        return new KeptRecord(
                record.key(), record.headers(), Base64.getEncoder().encodeToString(told));
    }

    private static JsonNode tree(KeptRecord record) {
        try {
            return Codec.mapper().readTree(record.bytes());
        } catch (IOException e) {
            return Codec.mapper().createArrayNode();
        }
    }
}
