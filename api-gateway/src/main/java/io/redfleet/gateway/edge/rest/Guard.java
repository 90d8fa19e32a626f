package io.redfleet.gateway.edge.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.redfleet.bus.codec.Codec;
import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.gateway.access.AccessFacts;
import io.redfleet.gateway.access.Audit;
import io.redfleet.gateway.access.Caller;
import io.redfleet.gateway.access.Door;
import io.redfleet.gateway.access.Entry;
import io.redfleet.gateway.access.Refusals;
import io.redfleet.gateway.edge.config.Opening;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ResourceInfo;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Stands before everything under {@code /api}: first who it is, then whether the role reaches. */
public final class Guard {
    private final Door door;
    private final Opening opening;
    private final Audit audit;
    private final Refusals refusals;
    private final InstantSource clock;

    public Guard(Door door, Opening opening, Audit audit, Refusals refusals, InstantSource clock) {
        this.door = door;
        this.opening = opening;
        this.audit = audit;
        this.refusals = refusals;
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
        switch (door.judge(request.getHeaderString("Authorization"), Role.VIEWER)) {
            case Entry.Granted granted -> Callers.set(request, granted.caller());
            case Entry.Unknown unknown -> throw unknown(unknown, request, http);
            case Entry.Forbidden forbidden -> throw forbidden(forbidden, request);
        }
    }

    /** After matching: the method says what it needs. */
    @ServerRequestFilter
    @Priority(Priorities.AUTHORIZATION)
    public void authorize(ContainerRequestContext request, ResourceInfo target, HttpServerRequest http) {
        if (!request.getUriInfo().getPath().startsWith("/api")) {
            return;
        }
        Needs needs = target.getResourceMethod().getAnnotation(Needs.class);
        if (needs == null) {
            throw new IllegalStateException(target.getResourceMethod() + " names no role");
        }
        switch (door.judge(request.getHeaderString("Authorization"), needs.value())) {
            case Entry.Granted granted -> Callers.set(request, granted.caller());
            case Entry.Unknown unknown -> throw unknown(unknown, request, http);
            case Entry.Forbidden forbidden -> throw forbidden(forbidden, request);
        }
    }

    private ProblemException unknown(Entry.Unknown entry, ContainerRequestContext request, HttpServerRequest http) {
        String from = http.remoteAddress().hostAddress();
        Instant now = clock.instant();
        OptionalInt count = refusals.refused((entry.offered() ? "offered " : "none ") + from, now);
        if (count.isPresent()) {
            String nonce = UUID.randomUUID().toString();
            audit.tell(
                    entry.offered()
                            ? AccessFacts.loginFailed(from, count.getAsInt(), now, nonce)
                            : AccessFacts.refused(
                                    401,
                                    request.getMethod(),
                                    request.getUriInfo().getPath(),
                                    "A request from " + from + " came without a token"
                                            + (count.getAsInt() > 1 ? ", " + count.getAsInt() + " times" : ""),
                                    null,
                                    now,
                                    nonce));
        }
        return new ProblemException(
                Problem.of(401, "Unauthorized", entry.reason()),
                Map.of("WWW-Authenticate", "Bearer realm=\"redfleet\""));
    }

    /** Whoever refuses with 403, here or in a resource: it is told from this one place. */
    @ServerResponseFilter
    public void tellForbidden(
            ContainerRequestContext request, ContainerResponseContext response, HttpServerRequest http) {
        if (response.getStatus() != 403 || !Callers.known(request)) {
            return;
        }
        Caller caller = Callers.of(request);
        Instant now = clock.instant();
        if (refusals.refused("role " + http.remoteAddress().hostAddress() + " " + caller.tokenId(), now)
                .isEmpty()) {
            return;
        }
        audit.tell(AccessFacts.refused(
                403,
                request.getMethod(),
                request.getUriInfo().getPath(),
                reason(response),
                caller.actor(),
                now,
                UUID.randomUUID().toString()));
    }

    private static String reason(ContainerResponseContext response) {
        try {
            String problem = response.getEntity() instanceof String text ? text : "{}";
            return Codec.mapper().readTree(problem).path("detail").asText("Forbidden");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a problem of ours is JSON", e);
        }
    }

    private static ProblemException forbidden(Entry.Forbidden entry, ContainerRequestContext request) {
        Callers.set(request, entry.caller());
        return new ProblemException(Problem.of(403, "Forbidden", entry.reason()));
    }
}
