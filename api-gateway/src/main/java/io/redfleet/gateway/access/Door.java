package io.redfleet.gateway.access;

import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.access.TokenRecord;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Judges the {@code Authorization} header.
 *
 * <p>A token's id is the start of its hash, so one lookup finds the only record it can belong to; the whole hash is
 * then compared in constant time. What a wrong guess can learn from timing is at most the start of a hash, which is
 * public anyway.
 */
public final class Door {
    private static final String SCHEME = "bearer ";

    private final Function<String, Optional<TokenRecord>> tokens;

    /** @param tokens the record of a token id, as the access topic has it now */
    public Door(Function<String, Optional<TokenRecord>> tokens) {
        this.tokens = tokens;
    }

    public Entry judge(@Nullable String authorization, Role needed) {
        if (authorization == null || authorization.isBlank()) {
            return new Entry.Unknown("Send a token: Authorization: Bearer rf_...", false);
        }
        return identify(authorization)
                .<Entry>map(caller -> admit(caller, needed))
                .orElseGet(() -> new Entry.Unknown("This token is not known, or it has been revoked", true));
    }

    /** Whether the token that this caller came with is still live: asked again during a long answer. */
    public boolean stillOpen(Caller caller) {
        return tokens.apply(caller.tokenId())
                .filter(record -> record.revokedAt() == null)
                .isPresent();
    }

    private static Entry admit(Caller caller, Role needed) {
        if (caller.role().includes(needed)) {
            return new Entry.Granted(caller);
        }
        String reason =
                "This needs the role " + word(needed) + "; token '" + caller.name() + "' has " + word(caller.role());
        return new Entry.Forbidden(caller, reason);
    }

    private Optional<Caller> identify(String authorization) {
        if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        String offered = authorization.substring(SCHEME.length()).strip();
        if (!Secret.wellFormed(offered)) {
            return Optional.empty();
        }
        Secret secret = Secret.parse(offered);
        return tokens.apply(secret.id())
                .filter(record -> same(record.hash(), secret.hash()))
                .filter(record -> record.revokedAt() == null)
                .map(record -> new Caller(record.id(), record.name(), record.role(), record.labels()));
    }

    private static boolean same(String a, String b) {
        return MessageDigest.isEqual(a.getBytes(StandardCharsets.US_ASCII), b.getBytes(StandardCharsets.US_ASCII));
    }

    private static String word(Role role) {
        return role.name().toLowerCase(java.util.Locale.ROOT);
    }
}
