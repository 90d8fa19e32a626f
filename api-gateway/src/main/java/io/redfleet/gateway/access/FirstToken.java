package io.redfleet.gateway.access;

import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.access.TokenRecord;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The first admin token of an installation, made once.
 *
 * <p>The file is written before the record is published. A crash in between leaves a file whose token nobody knows yet:
 * the next start finds no token on the bus and publishes that same one. The other order would lose the token for good.
 */
public final class FirstToken {
    public static final String NAME = "first-admin";

    private FirstToken() {}

    /** What the start has to do. */
    public sealed interface Step {
        /** There are tokens: leave everything as it is. */
        record Nothing() implements Step {}

        /**
         * Publish this record.
         *
         * @param toFile the token to write to its file before that; empty when the file holds it already
         */
        record Publish(TokenRecord record, Optional<Secret> toFile) implements Step {}
    }

    /**
     * @param anyToken whether the access topic, read to its end, holds any token, revoked ones included
     * @param inFile the content of the token file; empty when there is none
     */
    public static Step decide(boolean anyToken, Optional<String> inFile, Supplier<Secret> fresh, Instant now) {
        if (anyToken) {
            return new Step.Nothing();
        }
        Optional<Secret> kept =
                inFile.map(String::strip).filter(Secret::wellFormed).map(Secret::parse);
        Secret secret = kept.orElseGet(fresh);
        return new Step.Publish(
                Tokens.record(secret, NAME, Role.ADMIN, Map.of(), now),
                kept.isPresent() ? Optional.empty() : Optional.of(secret));
    }
}
