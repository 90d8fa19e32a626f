package io.redfleet.alert.incident;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.redfleet.contracts.alert.IncidentId;
import io.redfleet.contracts.cluster.ClusterUid;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The id of an incident: short enough to type, and the same again when the database is rebuilt from the bus. */
final class CaseId {
    /** 64 bits: with a million incidents, one chance in 37 million that any two are the same. */
    private static final int BYTES = 8;

    private CaseId() {}

    static IncidentId of(ClusterUid uid, Trouble cause, String openingEventId) {
        String identity = uid.value() + "\n" + cause.words() + "\n" + openingEventId;
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(identity.getBytes(UTF_8));
            return new IncidentId("inc-" + HexFormat.of().formatHex(digest, 0, BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
