package io.redfleet.gateway.edge.rest;

import io.redfleet.contracts.wire.Problem;
import io.redfleet.gateway.access.Caller;
import io.redfleet.gateway.access.Door;
import io.redfleet.gateway.access.Entry;
import io.redfleet.gateway.access.Knocks;
import io.redfleet.gateway.access.Pace;
import io.redfleet.gateway.edge.config.Opening;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Stands before everything under {@code /api}: first who it is and whether it may come so often, then whether the role
 * reaches.
 */
public final class Guard {
    private final Door door;
    private final Opening opening;
    private final Limits limits;
    private final Turned turned;
    private final InstantSource clock;

    /** How often an address may be wrong, and how often a token may ask. */
    public record Limits(Knocks knocks, Pace pace) {}

    public Guard(Door door, Opening opening, Limits limits, Turned turned, InstantSource clock) {
        this.door = door;
        this.opening = opening;
        this.limits = limits;
        this.turned = turned;
        this.clock = clock;
    }

    /** Before it is known whether the path exists: a stranger learns nothing of what is there. */
    @ServerRequestFilter(preMatching = true)
    @Priority(Priorities.AUTHENTICATION)
    public void identify(ContainerRequestContext request, HttpServerRequest http) {
        if (!request.getUriInfo().getPath().startsWith("/api")) {
            return;
        }
        if (!opening.open()) {
            throw ProblemException.away("The gateway is not ready: " + opening.standing());
        }
        String authorization = request.getHeaderString("Authorization");
        String from = http.remoteAddress().hostAddress();
        Instant now = clock.instant();
        String place = Knocks.place(from);
        Optional<Duration> shut = limits.knocks().shut(place, Door.offeredId(authorization), now);
        if (shut.isPresent()) {
            turned.shut(request, from, now);
            throw tooMany("Too many unknown tokens came from this address", shut.get());
        }
        switch (door.identify(authorization, now)) {
            case Entry.Granted granted -> enter(request, granted.caller(), place, now);
            case Entry.Unknown unknown -> {
                if (unknown.offer() == Entry.Offer.GUESS && limits.knocks().failed(place, now)) {
                    turned.shuts(from, limits.knocks().failures(), now);
                }
                throw unknown(unknown, request, from, now);
            }
            case Entry.Forbidden forbidden ->
                throw new IllegalStateException("nothing was asked for yet: " + forbidden);
        }
    }

    private void enter(ContainerRequestContext request, Caller caller, String place, Instant now) {
        limits.knocks().entered(place, caller.tokenId());
        Callers.set(request, caller);
        Optional<Duration> wait = limits.pace().take(caller, now);
        if (wait.isPresent()) {
            turned.hurried(request, caller, now);
            throw tooMany("Token '" + caller.name() + "' asks more often than its role may", wait.get());
        }
    }

    /**
     * After matching: the method says what it needs. Whatever path led to it, a stranger comes no further than here.
     */
    @ServerRequestFilter
    @Priority(Priorities.AUTHORIZATION)
    public void authorize(ContainerRequestContext request, ResourceInfo target, HttpServerRequest http) {
        Needs needs = target.getResourceMethod().getAnnotation(Needs.class);
        if (needs == null) {
            throw new IllegalStateException(target.getResourceMethod() + " names no role");
        }
        if (!Callers.known(request)) {
            Entry.Unknown nobody = new Entry.Unknown("Ask under /api/v1, with a token", Entry.Offer.NOTHING);
            throw unknown(nobody, request, http.remoteAddress().hostAddress(), clock.instant());
        }
        if (Door.admit(Callers.of(request), needs.value()) instanceof Entry.Forbidden forbidden) {
            throw new ProblemException(Problem.of(403, "Forbidden", forbidden.reason()));
        }
    }

    private ProblemException unknown(Entry.Unknown entry, ContainerRequestContext request, String from, Instant now) {
        turned.unknown(request, entry, from, now);
        return new ProblemException(
                Problem.of(401, "Unauthorized", entry.reason()),
                Map.of("WWW-Authenticate", "Bearer realm=\"redfleet\""));
    }

    /** 429 with the whole seconds after which it is worth asking again. */
    static ProblemException tooMany(String detail, Duration wait) {
        long seconds = Math.max(1, wait.plusMillis(999).toSeconds());
        return new ProblemException(
                Problem.of(429, "Too many requests", detail + ": ask again in " + seconds + " s"),
                Map.of("Retry-After", String.valueOf(seconds)));
    }
}
