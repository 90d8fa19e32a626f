package io.redfleet.gateway.edge.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redfleet.bus.codec.Codec;
import io.redfleet.contracts.access.Role;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
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

/** Finished failovers: the reports of {@code failover.completed} events. */
@Path("/api/v1/failovers")
@Tag(name = "failovers")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class FailoversApi {
    private static final String COMPLETED = "failover.completed";

    private final Trail trail;

    public FailoversApi(Trail trail) {
        this.trail = trail;
    }

    @GET
    @Needs(Role.VIEWER)
    @Operation(
            summary = "List failovers",
            description = "Newest first, each with its timeline in milliseconds, outages, and"
                    + " the most that acknowledged writes may"
                    + " have lost.")
    @APIResponse(responseCode = "200", description = "Failover reports with their cluster, and next")
    @APIResponse(responseCode = "503", description = "The alert-service does not answer")
    public ObjectNode list(
            @Parameter(description = "Only of this cluster") @QueryParam("cluster") @Nullable String cluster,
            @Parameter(
                            description = "At most so many, from 1 to 1000; 100 unless said",
                            schema = @Schema(implementation = Integer.class))
                    @QueryParam("limit")
                    @Nullable
                    String limit,
            @QueryParam("after") @Nullable String after,
            @Context ContainerRequestContext request)
            throws InterruptedException {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("type", COMPLETED);
        EventsApi.put(query, "cluster", cluster);
        EventsApi.put(query, "limit", Trail.limit(limit));
        EventsApi.put(query, "after", after);
        ObjectNode page = trail.page(Callers.of(request), query);
        page.set("items", reports(page.path("items")));
        return page;
    }

    @GET
    @Path("{id}")
    @Needs(Role.VIEWER)
    @Operation(summary = "Show a failover", description = "One report with its whole timeline.")
    @APIResponse(responseCode = "200", description = "The report with its cluster")
    public JsonNode show(@PathParam("id") String id, @Context ContainerRequestContext request)
            throws InterruptedException {
        Map<String, String> query = Map.of("type", COMPLETED, "correlation", id);
        for (JsonNode report : reports(trail.page(Callers.of(request), query).path("items"))) {
            if (report.path("id").asText().equals(id)) {
                return report;
            }
        }
        throw ProblemException.notFound("There is no failover " + Fleet.shown(id));
    }

    private static ArrayNode reports(JsonNode events) {
        ArrayNode reports = Codec.mapper().createArrayNode();
        for (JsonNode event : events) {
            if (event.path("data").path("report") instanceof ObjectNode report) {
                reports.add(report.deepCopy().set("cluster", event.path("cluster")));
            }
        }
        return reports;
    }
}
