package io.redfleet.door;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** What opens the {@link OperatorsDoor}. Each service makes one of its home and hands it in as a bean. */
public final class OperatorsKey {
    private static final String BEARER = "Bearer ";

    private final byte[] key;

    private OperatorsKey(byte[] key) {
        this.key = key;
    }

    /**
     * The file {@code credentials/metrics-key}, as it is now; where there is none, nobody has the key.
     *
     * @throws UncheckedIOException if there is one that cannot be read
     */
    public static OperatorsKey in(Path home) {
        Path file = home.resolve("credentials/metrics-key");
        if (!Files.exists(file)) {
            return new OperatorsKey(new byte[0]);
        }
        try {
            return new OperatorsKey(Files.readString(file).strip().getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("the key to the metrics, " + file + ", cannot be read", e);
        }
    }

    /** Whether an {@code Authorization} header shows this key; takes as long for a wrong one as for a right one. */
    boolean isShownBy(@Nullable String authorization) {
        return key.length > 0
                && authorization != null
                && authorization.startsWith(BEARER)
                && MessageDigest.isEqual(
                        key, authorization.substring(BEARER.length()).strip().getBytes(UTF_8));
    }
}
