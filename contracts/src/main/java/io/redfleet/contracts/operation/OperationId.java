package io.redfleet.contracts.operation;

import io.redfleet.contracts.cluster.Word;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;

/** One operation; sorts by the time it was accepted. */
public record OperationId(String value) implements Word {
    public OperationId {
        if (value.isBlank() || value.length() > 64 || value.indexOf('/') >= 0) {
            throw new IllegalArgumentException("not an operation id: " + value);
        }
    }

    /**
     * Follows from what asked for it, so that what is read twice is one operation, and whoever asked knows its name.
     *
     * @param asked when; nine digits of base 36 last until the year 5188
     * @param cause the id of the order or of the remediation
     */
    public static OperationId of(Instant asked, String cause) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(cause.getBytes(StandardCharsets.UTF_8));
            String time = Long.toString(asked.toEpochMilli(), 36).toLowerCase(Locale.ROOT);
            String padded = "0".repeat(Math.max(0, 9 - time.length())) + time;
            return new OperationId(padded + "-" + HexFormat.of().formatHex(digest, 0, 5));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
