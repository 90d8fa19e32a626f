package io.redfleet.gateway.edge.collector;

import io.redfleet.contracts.access.Reporter;
import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.gateway.access.Caller;
import io.redfleet.gateway.access.Door;
import io.redfleet.gateway.access.Entry;
import io.redfleet.gateway.access.Knocks;
import io.redfleet.gateway.edge.rest.Guard;
import io.redfleet.gateway.edge.rest.Turned;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who may report, by the {@code Authorization} that Monit sends: Basic, whose password is a token of the role reporter.
 * The user name says nothing. Wrong tokens are counted in a table of its own: behind one proxy all hosts have one
 * address, and neither must they lock out people nor people them.
 *
 * <p>Safe from any thread, and quick: nothing here waits.
 */
public final class Reception {
    static final String PATH = "/collector";
    private static final String BASIC = "basic ";

    private final Door door;
    private final Guard.Limits limits;
    private final Turned turned;
    private final Function<String, Optional<ClusterState>> clusters;
    private final BooleanSupplier open;
    private final InstantSource clock;

    /** Whether a posting is read. */
    sealed interface Word {
        record Welcome(Reporter reporter) implements Word {}

        /** @param retryAfter zero: do not come again with this */
        record Turn(int status, String reason, Duration retryAfter) implements Word {}
    }

    /**
     * @param clusters by name, as they stand now
     * @param open whether the tokens are read yet
     */
    public Reception(
            Door door,
            Guard.Limits limits,
            Turned turned,
            Function<String, Optional<ClusterState>> clusters,
            BooleanSupplier open,
            InstantSource clock) {
        this.door = door;
        this.limits = limits;
        this.turned = turned;
        this.clusters = clusters;
        this.open = open;
        this.clock = clock;
    }

    Word judge(@Nullable String authorization, String from) {
        if (!open.getAsBoolean()) {
            return new Word.Turn(503, "The gateway is not ready", Duration.ofSeconds(5));
        }
        Instant now = clock.instant();
        String place = Knocks.place(from);
        String bearer = bearer(authorization);
        Optional<Duration> shut = limits.knocks().shut(place, Door.offeredId(bearer), now);
        if (shut.isPresent()) {
            turned.shut("POST", PATH, from, now);
            return new Word.Turn(429, "Too many unknown tokens came from this address", shut.get());
        }
        return switch (door.judge(bearer, Role.REPORTER, now)) {
            case Entry.Granted granted -> welcome(granted.caller(), from, now);
            case Entry.Forbidden forbidden -> forbidden(forbidden.caller(), forbidden.reason(), from, now);
            case Entry.Unknown unknown -> {
                if (unknown.offer() == Entry.Offer.GUESS && limits.knocks().failed(place, now)) {
                    turned.shuts(from, limits.knocks().failures(), now);
                }
                turned.unknown("POST", PATH, unknown, from, now);
                yield turn(401, "Send the token of this host's Monit as its password");
            }
        };
    }

    private Word welcome(Caller caller, String from, Instant now) {
        limits.knocks().entered(Knocks.place(from), caller.tokenId());
        Optional<Duration> wait = limits.pace().take(caller, now);
        if (wait.isPresent()) {
            turned.hurried("POST", PATH, caller, now);
            return new Word.Turn(429, "Token '" + caller.name() + "' reports more often than any Monit", wait.get());
        }
        Reporter reporter = caller.reporter();
        return reporter != null && stands(reporter)
                ? new Word.Welcome(reporter)
                : forbidden(
                        caller,
                        "The host for which this token was made is in no cluster any more: revoke it",
                        from,
                        now);
    }

    private Word forbidden(Caller caller, String reason, String from, Instant now) {
        turned.forbidden("POST", PATH, reason, caller, from, now);
        return turn(403, reason);
    }

    private boolean stands(Reporter reporter) {
        return clusters.apply(reporter.cluster().value())
                .filter(cluster -> cluster.uid().equals(reporter.uid())
                        && cluster.spec().hosts().stream()
                                .anyMatch(host -> host.name().equals(reporter.host())))
                .isPresent();
    }

    private static Word turn(int status, String reason) {
        return new Word.Turn(status, reason, Duration.ZERO);
    }

    /** The password of Basic as the API's own header; null where there is none. */
    private static @Nullable String bearer(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return null;
        }
        try {
            byte[] pair = Base64.getDecoder()
                    .decode(authorization.substring(BASIC.length()).strip());
            String text = new String(pair, StandardCharsets.UTF_8);
            return "Bearer " + text.substring(text.indexOf(':') + 1);
        } catch (IllegalArgumentException e) {
            return "Bearer -"; // Nobody's token.
        }
    }
}
