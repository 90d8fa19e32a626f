package io.redfleet.gateway.edge.rest;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import java.time.Duration;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/**
 * Marks every answer to a read while Kafka is silent: it may be as old as the header's seconds. Lists say so in their
 * body too; the header is there for those answers that have no room for it.
 */
public final class StaleReads {
    static final String HEADER = "Redfleet-Stale";

    private final Fleet fleet;

    public StaleReads(Fleet fleet) {
        this.fleet = fleet;
    }

    @ServerResponseFilter
    public void mark(ContainerRequestContext request, ContainerResponseContext response) {
        if (!HttpMethod.GET.equals(request.getMethod()) || !Callers.known(request)) {
            return;
        }
        Duration silence = fleet.silence();
        if (!silence.isZero()) {
            response.getHeaders().putSingle(HEADER, Math.max(1, silence.toSeconds()));
        }
    }
}
