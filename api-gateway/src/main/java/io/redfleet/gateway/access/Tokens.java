package io.redfleet.gateway.access;

import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.access.TokenRecord;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Violation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The rules for making and revoking tokens. */
public final class Tokens {
    /** More live tokens than this are refused: a fleet's people and programs, with room. */
    public static final int MOST = 1_000;

    private static final int MOST_LABELS = 16;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9 ._@-]{0,62}[A-Za-z0-9])?");
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._/-]{0,61}[A-Za-z0-9])?");

    private Tokens() {}

    static TokenRecord record(Secret secret, String name, Role role, Map<String, String> labels, Instant now) {
        return new TokenRecord(TokenRecord.SCHEMA, secret.id(), name, secret.hash(), role, labels, now, null);
    }

    /** What was asked for. */
    public record Wanted(String name, Role role, Map<String, String> labels) {}

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
        if (!caller.mayGrant(wanted.role(), wanted.labels())) {
            return new Answer.Denied(
                    Problem.of(403, "Forbidden", "A token can grant no more than the token that makes it holds"));
        }
        List<TokenRecord> live = live(existing);
        if (live.size() >= MOST) {
            return new Answer.Denied(Problem.conflict("There are " + MOST + " live tokens: revoke some first"));
        }
        Optional<TokenRecord> namesake = live.stream()
                .filter(token -> token.name().equals(wanted.name()))
                .findFirst();
        if (namesake.isPresent()) {
            return new Answer.Denied(Problem.conflict(taken(namesake.get(), caller)));
        }
        return new Answer.Allowed(record(secret, wanted.name(), wanted.role(), wanted.labels(), now));
    }

    /**
     * Revokes; a second time is the same answer. The last admin token of all clusters stays, or nobody could make
     * another.
     */
    public static Answer revoke(String id, Caller caller, Collection<TokenRecord> existing, Instant now) {
        Optional<TokenRecord> found = existing.stream()
                .filter(token -> token.id().equals(id) && caller.covers(token.labels()))
                .findFirst();
        if (found.isEmpty()) {
            return new Answer.Denied(Problem.notFound("No token has the id " + id));
        }
        TokenRecord token = found.get();
        if (token.revokedAt() != null) {
            return new Answer.Allowed(token);
        }
        boolean another = live(existing).stream()
                .anyMatch(other -> rules(other) && !other.id().equals(id));
        if (rules(token) && !another) {
            return new Answer.Denied(Problem.conflict("This is the last admin token: make another one first"));
        }
        return new Answer.Allowed(new TokenRecord(
                token.schema(),
                token.id(),
                token.name(),
                token.hash(),
                token.role(),
                token.labels(),
                token.createdAt(),
                now));
    }

    /** Whoever lost the answer that made it needs its id; whoever it is hidden from does not get that. */
    private static String taken(TokenRecord namesake, Caller caller) {
        String exists = "A live token is called '" + namesake.name() + "' already";
        return caller.covers(namesake.labels())
                ? exists + ", its id is " + namesake.id() + ": if its answer was lost, revoke it and make another"
                : exists;
    }

    private static boolean rules(TokenRecord token) {
        return token.role() == Role.ADMIN && token.labels().isEmpty();
    }

    private static List<TokenRecord> live(Collection<TokenRecord> tokens) {
        return tokens.stream().filter(token -> token.revokedAt() == null).toList();
    }

    private static List<Violation> broken(Wanted wanted) {
        List<Violation> broken = new ArrayList<>();
        if (!NAME.matcher(wanted.name()).matches()) {
            String rule = "1 to 64 letters, digits, spaces or . _ @ -, a letter or digit at both ends";
            broken.add(new Violation("name", Shown.of(wanted.name()), rule));
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
