package io.redfleet.gateway.access;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A token as its owner holds it: {@code rf_} and 256 bits in base64url. Shown once; prints as {@code ***}. */
public final class Secret {
    /** How many random bytes make a token. */
    public static final int BYTES = 32;

    private static final Pattern FORM = Pattern.compile("rf_[A-Za-z0-9_-]{43}");
    private static final int ID_DIGITS = 16;

    private final String text;

    private Secret(String text) {
        this.text = text;
    }

    /** @param random {@link #BYTES} bytes from a cryptographic source */
    public static Secret of(byte[] random) {
        if (random.length != BYTES) {
            throw new IllegalArgumentException("a token is made of " + BYTES + " bytes");
        }
        return new Secret("rf_" + Base64.getUrlEncoder().withoutPadding().encodeToString(random));
    }

    /**
     * The token that belongs to a name chosen by its maker: the same for the same, so that a request that is repeated
     * gives the same token and nobody has to keep it. Without the key it is as unknown as any other.
     *
     * @param key {@link #BYTES} bytes that only gateways know
     * @param maker the id of the token that asks
     */
    public static Secret derived(byte[] key, String maker, String name) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return of(mac.doFinal(("token\n" + maker + "\n" + name).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    /** Whether this could be a token at all; says nothing about whether it is a known one. */
    public static boolean wellFormed(String text) {
        return FORM.matcher(text).matches();
    }

    public static Secret parse(String text) {
        if (!wellFormed(text)) {
            throw new IllegalArgumentException("not a token");
        }
        return new Secret(text);
    }

    /** SHA-256 in hex: what the {@code access} topic keeps. */
    public String hash() {
        return sha256(text);
    }

    /** The token's public id: the first 64 bits of its hash, enough to name it and no help in guessing it. */
    public String id() {
        return hash().substring(0, ID_DIGITS);
    }

    /** The token itself, for the one answer or file that hands it over. */
    public String reveal() {
        return text;
    }

    /** SHA-256 of a text in hex. */
    public static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "***";
    }
}
