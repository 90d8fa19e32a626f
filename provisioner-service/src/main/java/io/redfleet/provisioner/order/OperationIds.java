package io.redfleet.provisioner.order;

import io.redfleet.contracts.operation.OperationId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;

/** An operation's id follows from what asked for it, so that an order read twice is one operation. */
final class OperationIds {
    private OperationIds() {}

    /** Sorts by {@code asked}; nine digits of base 36 last until the year 5188. */
    static OperationId of(Instant asked, String cause) {
        String time = Long.toString(asked.toEpochMilli(), 36).toLowerCase(Locale.ROOT);
        String padded = "0".repeat(Math.max(0, 9 - time.length())) + time;
        return new OperationId(padded + suffix(cause));
    }

    /** How every id of this cause ends, whenever it was asked. */
    static String suffix(String cause) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(cause.getBytes(StandardCharsets.UTF_8));
            return "-" + HexFormat.of().formatHex(digest, 0, 5);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
