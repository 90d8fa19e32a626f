package io.redfleet.gateway.access;

import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.access.TokenRecord;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Locale;
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
    private static final String SEND = "Send a token: Authorization: Bearer rf_...";
    private static final String UNKNOWN = "This token is not known, or it has been revoked, or its time is over";

    private final Function<String, Optional<TokenRecord>> tokens;

    /** @param tokens the record of a token id, as the access topic has it now */
    public Door(Function<String, Optional<TokenRecord>> tokens) {
        this.tokens = tokens;
    }

    /** Who this is. */
    public Entry identify(@Nullable String authorization, Instant now) {
        if (authorization == null || authorization.isBlank()) {
            return new Entry.Unknown(SEND, Entry.Offer.NOTHING);
        }
        Optional<TokenRecord> found = offered(authorization)
                .flatMap(secret -> tokens.apply(secret.id()).filter(record -> same(record.hash(), secret.hash())));
        if (found.isEmpty()) {
            return new Entry.Unknown(UNKNOWN, Entry.Offer.GUESS);
        }
        return found.get().live(now)
                ? new Entry.Granted(Caller.of(found.get()))
                : new Entry.Unknown(UNKNOWN, Entry.Offer.ENDED);
    }

    /** Who this is, and whether the role reaches. */
    public Entry judge(@Nullable String authorization, Role needed, Instant now) {
        Entry entry = identify(authorization, now);
        return entry instanceof Entry.Granted granted ? admit(granted.caller(), needed) : entry;
    }

    /** Whether the role of somebody known reaches. */
    public static Entry admit(Caller caller, Role needed) {
        if (caller.role().includes(needed)) {
            return new Entry.Granted(caller);
        }
        String reason =
                "This needs the role " + word(needed) + "; token '" + caller.name() + "' has " + word(caller.role());
        return new Entry.Forbidden(caller, reason);
    }

    /** The id of the token in a header, known or not; empty if there is none. Says nothing about who it is. */
    public static String offeredId(@Nullable String authorization) {
        return authorization == null
                ? ""
                : offered(authorization).map(Secret::id).orElse("");
    }

    /** Whether the token that this caller came with is still live: asked again during a long answer. */
    public boolean stillOpen(Caller caller, Instant now) {
        return tokens.apply(caller.tokenId()).filter(record -> record.live(now)).isPresent();
    }

    private static Optional<Secret> offered(String authorization) {
        if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        String offered = authorization.substring(SCHEME.length()).strip();
        return Secret.wellFormed(offered) ? Optional.of(Secret.parse(offered)) : Optional.empty();
    }

    private static boolean same(String a, String b) {
        return MessageDigest.isEqual(a.getBytes(StandardCharsets.US_ASCII), b.getBytes(StandardCharsets.US_ASCII));
    }

    private static String word(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }
}
