package io.redfleet.contracts.access;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The record of the {@code access} topic. The token itself is shown once and kept nowhere.
 *
 * @param hash SHA-256 of the token in hex: enough for a value of 256 random bits, which no dictionary holds
 * @param labels the clusters it covers: those that carry all of these labels; empty covers all
 * @param revokedAt final once set
 * @param expiresAt from then on it opens nothing; null: only a revocation ends it
 * @param reporter whose reports it hands in; null but for {@link Role#REPORTER}
 */
public record TokenRecord(
        int schema,
        String id,
        String name,
        String hash,
        Role role,
        Map<String, String> labels,
        Instant createdAt,
        @Nullable Instant revokedAt,
        @Nullable Instant expiresAt,
        @Nullable Reporter reporter) {
    public static final int SCHEMA = 1;

    /** Of a person or a program. */
    public TokenRecord(
            int schema,
            String id,
            String name,
            String hash,
            Role role,
            Map<String, String> labels,
            Instant createdAt,
            @Nullable Instant revokedAt,
            @Nullable Instant expiresAt) {
        this(schema, id, name, hash, role, labels, createdAt, revokedAt, expiresAt, null);
    }

    public TokenRecord {
        labels = Map.copyOf(labels);
    }

    /** Whether it opens anything at this moment. */
    public boolean live(Instant now) {
        return revokedAt == null && (expiresAt == null || now.isBefore(expiresAt));
    }

    /** The same, but over from then on. */
    public TokenRecord revoked(Instant at) {
        return new TokenRecord(schema, id, name, hash, role, labels, createdAt, at, expiresAt, reporter);
    }

    @Override
    public String toString() {
        return "TokenRecord[" + id + ", " + name + ", " + role + "]";
    }
}
