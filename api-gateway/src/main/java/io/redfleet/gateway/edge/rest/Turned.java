package io.redfleet.gateway.edge.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.redfleet.bus.codec.Codec;
import io.redfleet.gateway.access.AccessFacts;
import io.redfleet.gateway.access.Audit;
import io.redfleet.gateway.access.Caller;
import io.redfleet.gateway.access.Entry;
import io.redfleet.gateway.access.Refusals;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalInt;
import java.util.UUID;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Tells the audit trail who was turned away, and why: of each source and kind one event in a while, with a count. */
public final class Turned {
    private final Audit audit;
    private final Refusals refusals;
    private final InstantSource clock;

    public Turned(Audit audit, Refusals refusals, InstantSource clock) {
        this.audit = audit;
        this.refusals = refusals;
        this.clock = clock;
    }

    /** 401. */
    void unknown(ContainerRequestContext request, Entry.Unknown entry, String from, Instant now) {
        unknown(request.getMethod(), request.getUriInfo().getPath(), entry, from, now);
    }

    /** 401 of a listener that is no resource. */
    public void unknown(String method, String path, Entry.Unknown entry, String from, Instant now) {
        boolean offered = entry.offer() != Entry.Offer.NOTHING;
        OptionalInt count = refusals.refused((offered ? "offered " : "none ") + from, now);
        if (count.isPresent() && offered) {
            audit.tell(AccessFacts.loginFailed(from, count.getAsInt(), now, nonce()));
        } else if (count.isPresent()) {
            String reason = "A request from " + from + " came without a token" + times(count);
            audit.tell(AccessFacts.refused(401, method, path, reason, null, now, nonce()));
        }
    }

    /** An address is not heard from now on. Told once each time, beside the count of the failures themselves. */
    public void shuts(String from, int failures, Instant now) {
        audit.tell(AccessFacts.shut(from, failures, now, nonce()));
    }

    /** 429: it is not heard. */
    void shut(ContainerRequestContext request, String from, Instant now) {
        shut(request.getMethod(), request.getUriInfo().getPath(), from, now);
    }

    /** 429 of a listener that is no resource. */
    public void shut(String method, String path, String from, Instant now) {
        OptionalInt count = refusals.refused("shut " + from, now);
        if (count.isPresent()) {
            String reason = "A request came from " + from + ", which is not heard now" + times(count);
            audit.tell(AccessFacts.refused(429, method, path, reason, null, now, nonce()));
        }
    }

    /** 429: too many of one token. */
    void hurried(ContainerRequestContext request, Caller caller, Instant now) {
        hurried(request.getMethod(), request.getUriInfo().getPath(), caller, now);
    }

    /** 429 of a listener that is no resource. */
    public void hurried(String method, String path, Caller caller, Instant now) {
        OptionalInt count = refusals.refused("pace " + caller.tokenId(), now);
        if (count.isPresent()) {
            String reason = "Token '" + caller.name() + "' asks more often than its role may" + times(count);
            audit.tell(AccessFacts.refused(429, method, path, reason, caller.actor(), now, nonce()));
        }
    }

    /** 403, also of a listener that is no resource. */
    public void forbidden(String method, String path, String because, Caller caller, String from, Instant now) {
        OptionalInt count = refusals.refused("role " + from + " " + caller.tokenId(), now);
        if (count.isPresent()) {
            audit.tell(AccessFacts.refused(403, method, path, because + times(count), caller.actor(), now, nonce()));
        }
    }

    /** Whoever refuses with 403, the guard or a resource: it is told from this one place. */
    @ServerResponseFilter
    public void tellForbidden(
            ContainerRequestContext request, ContainerResponseContext response, HttpServerRequest http) {
        if (response.getStatus() != 403 || !Callers.known(request)) {
            return;
        }
        forbidden(
                request.getMethod(),
                request.getUriInfo().getPath(),
                reason(response),
                Callers.of(request),
                http.remoteAddress().hostAddress(),
                clock.instant());
    }

    private static String times(OptionalInt count) {
        return count.getAsInt() > 1 ? ", " + count.getAsInt() + " times" : "";
    }

    private static String nonce() {
        return UUID.randomUUID().toString();
    }

    private static String reason(ContainerResponseContext response) {
        try {
            String problem = response.getEntity() instanceof String text ? text : "{}";
            return Codec.mapper().readTree(problem).path("detail").asText("Forbidden");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a problem of ours is JSON", e);
        }
    }
}
