package io.redfleet.gateway.edge.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redfleet.contracts.access.Role;
import io.redfleet.gateway.access.Caller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The audit trail. */
@Path("/api/v1/events")
@Tag(name = "events")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class EventsApi {
    private final Trail trail;

    public EventsApi(Trail trail) {
        this.trail = trail;
    }

    @GET
    @Needs(Role.VIEWER)
    @Operation(
            summary = "Look back",
            description =
                    "Events that were, newest first, from the alert-service's history: of the clusters in the token's"
                            + " scope, and of the fleet itself for a token without labels.")
    @APIResponse(
            responseCode = "200",
            description = "Items as {id, type, time, source, subject, cluster, instance, reason,"
                    + " correlation, actor, data}, and next")
    @APIResponse(responseCode = "503", description = "The alert-service does not answer")
    public ObjectNode list(
            @Parameter(description = "Only of this cluster") @QueryParam("cluster") @Nullable String cluster,
            @Parameter(description = "Only types that begin so, as failover. or instance.down")
                    @QueryParam("type")
                    @Nullable
                    String type,
            @Parameter(description = "Only what the token of this name caused") @QueryParam("actor") @Nullable
                    String actor,
            @Parameter(description = "Only of this operation or failover, by its id")
                    @QueryParam("correlation")
                    @Nullable
                    String correlation,
            @Parameter(description = "Not before this moment, ISO 8601") @QueryParam("from") @Nullable String from,
            @Parameter(description = "Before this moment, ISO 8601") @QueryParam("to") @Nullable String to,
            @Parameter(
                            description = "At most so many, from 1 to 1000; 100 unless said",
                            schema = @Schema(implementation = Integer.class))
                    @QueryParam("limit")
                    @Nullable
                    String limit,
            @QueryParam("after") @Nullable String after,
            @Context ContainerRequestContext request)
            throws InterruptedException {
        Caller caller = Callers.of(request);
        Map<String, String> query = new LinkedHashMap<>();
        put(query, "cluster", cluster);
        put(query, "type", type);
        put(query, "actor", actor);
        put(query, "correlation", correlation);
        put(query, "from", Trail.moment("from", from));
        put(query, "to", Trail.moment("to", to));
        put(query, "limit", Trail.limit(limit));
        put(query, "after", after);
        return trail.page(caller, query);
    }

    static void put(Map<String, String> query, String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            query.put(name, value);
        }
    }
}
