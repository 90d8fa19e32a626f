package io.redfleet.gateway.edge.rest;

import io.redfleet.gateway.access.Caller;
import io.redfleet.gateway.access.Secret;
import java.security.SecureRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes the secrets of new tokens: by chance, or, for a request that may be repeated, from its Idempotency-Key. */
public final class Mint {
    private final SecureRandom random;
    private final Supplier<byte[]> key;

    /** @param key what only gateways know; read when it is needed */
    public Mint(SecureRandom random, Supplier<byte[]> key) {
        this.random = random;
        this.key = key;
    }

    Secret secret(Caller maker, @Nullable String idempotencyKey) {
        if (idempotencyKey != null) {
            return Secret.derived(key.get(), maker.tokenId(), idempotencyKey);
        }
        byte[] bytes = new byte[Secret.BYTES];
        random.nextBytes(bytes);
        return Secret.of(bytes);
    }
}
