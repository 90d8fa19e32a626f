package io.redfleet.gateway.access;

import io.redfleet.contracts.access.Reporter;
import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.access.TokenRecord;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Violation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules for making and revoking tokens. */
public final class Tokens {
    /** More live tokens than this are refused: a fleet's people and programs, with room. */
    public static final int MOST = 1_000;

    /** And so many of hosts' Monits. */
    public static final int MOST_REPORTERS = 10_000;

    private static final int MOST_LABELS = 16;
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(3650);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9 ._@-]{0,62}[A-Za-z0-9])?");
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._/-]{0,61}[A-Za-z0-9])?");

    private Tokens() {}

    /** One that only a revocation ends. */
    static TokenRecord record(Secret secret, String name, Role role, Map<String, String> labels, Instant now) {
        return record(secret, new Wanted(name, role, labels, null), now);
    }

    private static TokenRecord record(Secret secret, Wanted wanted, Instant now) {
        return new TokenRecord(
                TokenRecord.SCHEMA,
                secret.id(),
                wanted.name(),
                secret.hash(),
                wanted.role(),
                wanted.labels(),
                now,
                null,
                wanted.end(now),
                wanted.reporter());
    }

    /**
     * What was asked for.
     *
     * @param life how long it opens; null: until it is revoked
     * @param reporter whose reports it hands in; null but for that role
     */
    public record Wanted(
            String name,
            Role role,
            Map<String, String> labels,
            @Nullable Duration life,
            @Nullable Reporter reporter) {
        /** For a person or a program. */
        public Wanted(String name, Role role, Map<String, String> labels, @Nullable Duration life) {
            this(name, role, labels, life, null);
        }

        @Nullable
        Instant end(Instant begin) {
            return life == null ? null : begin.plus(life);
        }

        boolean describes(TokenRecord token) {
            return token.name().equals(name)
                    && token.role() == role
                    && token.labels().equals(labels)
                    && Objects.equals(token.expiresAt(), end(token.createdAt()))
                    && Objects.equals(token.reporter(), reporter);
        }
    }

    /** The answer to a wish for a token, or for a token's end. */
    public sealed interface Answer {
        record Allowed(TokenRecord record) implements Answer {}

        record Denied(Problem problem) implements Answer {}
    }

    public static Answer create(
            Wanted wanted, Secret secret, Caller caller, Collection<TokenRecord> existing, Instant now) {
        List<Violation> broken = broken(wanted);
        if (!broken.isEmpty()) {
            return new Answer.Denied(Problem.invalid(broken));
        }
        if (!caller.mayGrant(wanted.role(), wanted.labels()) || !caller.mayGrantUntil(wanted.end(now))) {
            return new Answer.Denied(Problem.of(
                    403, "Forbidden", "A token can grant no more, and last no longer, than the token that makes it"));
        }
        Optional<TokenRecord> repeated = existing.stream()
                .filter(token -> token.id().equals(secret.id()))
                .findFirst();
        if (repeated.isPresent()) {
            return again(wanted, repeated.get(), now);
        }
        List<TokenRecord> live = live(existing, now);
        boolean reports = wanted.role() == Role.REPORTER;
        int most = reports ? MOST_REPORTERS : MOST;
        if (live.stream()
                        .filter(token -> (token.role() == Role.REPORTER) == reports)
                        .count()
                >= most) {
            return new Answer.Denied(Problem.conflict("There are " + most + " live tokens: revoke some first"));
        }
        Optional<TokenRecord> namesake = live.stream()
                .filter(token -> token.name().equals(wanted.name()))
                .findFirst();
        if (namesake.isPresent()) {
            return new Answer.Denied(Problem.conflict(taken(namesake.get(), caller)));
        }
        return new Answer.Allowed(record(secret, wanted, now));
    }

    /** The same Idempotency-Key of the same maker. */
    private static Answer again(Wanted wanted, TokenRecord made, Instant now) {
        if (!wanted.describes(made)) {
            String detail = "This Idempotency-Key was used for another token: use a new key for a new request";
            return new Answer.Denied(Problem.of(422, "Idempotency-Key used twice", detail));
        }
        if (!made.live(now)) {
            String detail = "Token " + made.id() + " was made with this Idempotency-Key and has ended since";
            return new Answer.Denied(Problem.conflict(detail));
        }
        return new Answer.Allowed(made);
    }

    /**
     * Revokes; a second time is the same answer. The last admin token of all clusters that does not end by itself
     * stays, or some day nobody could make another.
     *
     * @param inScope whether the caller may know of it
     */
    public static Answer revoke(
            String id, Predicate<TokenRecord> inScope, Collection<TokenRecord> existing, Instant now) {
        Optional<TokenRecord> found = existing.stream()
                .filter(token -> token.id().equals(id) && inScope.test(token))
                .findFirst();
        if (found.isEmpty()) {
            return new Answer.Denied(Problem.notFound("No token has the id " + id));
        }
        TokenRecord token = found.get();
        if (token.revokedAt() != null) {
            return new Answer.Allowed(token);
        }
        boolean another = live(existing, now).stream()
                .anyMatch(other -> rules(other) && !other.id().equals(id));
        if (rules(token) && !another) {
            return new Answer.Denied(
                    Problem.conflict("This is the last admin token that does not expire: make another one first"));
        }
        return new Answer.Allowed(token.revoked(now));
    }

    /** Whoever lost the answer that made it needs its id; whoever it is hidden from does not get that. */
    private static String taken(TokenRecord namesake, Caller caller) {
        String exists = "A live token is called '" + namesake.name() + "' already";
        return caller.covers(namesake.labels())
                ? exists + ", its id is " + namesake.id() + ": if its answer was lost, revoke it and make another"
                : exists;
    }

    private static boolean rules(TokenRecord token) {
        return token.role() == Role.ADMIN && token.labels().isEmpty() && token.expiresAt() == null;
    }

    private static List<TokenRecord> live(Collection<TokenRecord> tokens, Instant now) {
        return tokens.stream().filter(token -> token.live(now)).toList();
    }

    private static List<Violation> broken(Wanted wanted) {
        List<Violation> broken = new ArrayList<>();
        if (!NAME.matcher(wanted.name()).matches()) {
            String rule = "1 to 64 letters, digits, spaces or . _ @ -, a letter or digit at both ends";
            broken.add(new Violation("name", Shown.of(wanted.name()), rule));
        }
        Duration life = wanted.life();
        if (life != null && (life.compareTo(SHORTEST) < 0 || life.compareTo(LONGEST) > 0)) {
            broken.add(new Violation("expires", life.toString(), "from 1m to 3650d; left out: never"));
        }
        if ((wanted.role() == Role.REPORTER) != (wanted.reporter() != null)) {
            String given = String.valueOf(wanted.reporter());
            broken.add(new Violation("host", given, "CLUSTER/HOST for the role reporter, and for no other"));
        }
        if (wanted.role() == Role.REPORTER) {
            // Its labels are its cluster's, which has rules of its own for them.
            return broken;
        }
        if (wanted.labels().size() > MOST_LABELS) {
            String rule = "at most " + MOST_LABELS + " labels";
            broken.add(new Violation("labels", wanted.labels().size() + " labels", rule));
        }
        wanted.labels().forEach((key, value) -> {
            if (!LABEL.matcher(key).matches() || !LABEL.matcher(value).matches()) {
                String rule = "1 to 63 letters, digits or . _ / -, a letter or digit at both ends";
                broken.add(new Violation("labels." + Shown.of(key), Shown.of(value), rule));
            }
        });
        return broken;
    }
}
