package io.redfleet.contracts.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/** A password in memory. Prints as {@code ***} and has nothing that a serializer would find; never part of a record. */
public final class Secret {
    /** How many random bytes make a generated one. */
    public static final int BYTES = 32;

    private final String text;

    private Secret(String text) {
        this.text = text;
    }

    public static Secret of(String text) {
        return new Secret(text);
    }

    /**
     * In hex: a word for every shell, configuration file and URL.
     *
     * @param random {@link #BYTES} bytes from a cryptographic source
     */
    public static Secret generated(byte[] random) {
        if (random.length != BYTES) {
            throw new IllegalArgumentException("a password is made of " + BYTES + " bytes");
        }
        return new Secret(HexFormat.of().formatHex(random));
    }

    /**
     * In the form of a token: what the collector takes as a host's password.
     *
     * @param random {@link #BYTES} bytes that nobody can guess
     */
    public static Secret token(byte[] random) {
        if (random.length != BYTES) {
            throw new IllegalArgumentException("a token is made of " + BYTES + " bytes");
        }
        return new Secret("rf_" + Base64.getUrlEncoder().withoutPadding().encodeToString(random));
    }

    /** The password itself, for the one connection, file or answer that needs it. */
    public String reveal() {
        return text;
    }

    /** SHA-256 in hex, as Redis keeps passwords: of 256 random bits it helps nobody to guess. */
    public String hash() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret
                && MessageDigest.isEqual(
                        text.getBytes(StandardCharsets.UTF_8), secret.text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
