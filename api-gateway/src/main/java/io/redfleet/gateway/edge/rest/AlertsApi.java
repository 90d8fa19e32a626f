package io.redfleet.gateway.edge.rest;

import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.alert.Incident;
import io.redfleet.contracts.wire.Request;
import io.redfleet.gateway.access.Caller;
import io.redfleet.gateway.board.Board;
import io.redfleet.gateway.board.Page;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Comparator;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Incidents. */
@Path("/api/v1/alerts")
@Tag(name = "alerts")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class AlertsApi {
    private final Fleet fleet;
    private final Writes writes;

    public AlertsApi(Fleet fleet, Writes writes) {
        this.fleet = fleet;
        this.writes = writes;
    }

    @GET
    @Needs(Role.VIEWER)
    @Operation(
            summary = "List incidents",
            description = "Newest first: one for each cause, open, acknowledged or resolved.")
    public Page<Incident> list(
            @Parameter(description = "Only in this state: OPEN, ACKNOWLEDGED or RESOLVED")
                    @QueryParam("state")
                    @Nullable
                    String state,
            @Parameter(description = "Only of this cluster") @QueryParam("cluster") @Nullable String cluster,
            @Parameter(
                            description = "At most so many, from 1 to 1000; 100 unless said",
                            schema = @Schema(implementation = Integer.class))
                    @QueryParam("limit")
                    @Nullable
                    String limit,
            @QueryParam("after") @Nullable String after,
            @Context ContainerRequestContext request) {
        Caller caller = Callers.of(request);
        Incident.State wanted = Query.word("state", state, Incident.State.class);
        Board board = fleet.board();
        return Page.of(
                board.alerts().values().stream()
                        .filter(incident -> wanted == null || incident.state() == wanted)
                        .filter(incident ->
                                cluster == null || incident.cluster().value().equals(cluster))
                        .filter(incident -> fleet.sees(board, caller, incident.cluster(), incident.uid()))
                        .toList(),
                AlertsApi::byTime,
                Comparator.reverseOrder(),
                Fleet.window(limit, after),
                board.stale());
    }

    @POST
    @Path("{id}/acknowledge")
    @Needs(Role.OPERATOR)
    @Operation(
            summary = "Acknowledge an incident",
            description = "Somebody has seen it: it stays open, and no reminder of it is sent.")
    @APIResponse(
            responseCode = "200",
            description = "The incident as it is now",
            content = @Content(schema = @Schema(implementation = Incident.class)))
    public Response acknowledge(
            @PathParam("id") String id,
            @HeaderParam("Idempotency-Key") @Nullable String key,
            @Context ContainerRequestContext request)
            throws InterruptedException {
        Caller caller = Callers.of(request);
        Incident incident = find(fleet.board(), id)
                .filter(found -> fleet.sees(fleet.board(), caller, found.cluster(), found.uid()))
                .orElseThrow(() -> ProblemException.notFound("There is no incident " + Fleet.shown(id)));
        return writes.answer(
                caller,
                incident.cluster(),
                new Request.Acknowledge(incident.id()),
                key,
                body -> Response.ok(find(fleet.board(), id).orElse(incident)).build());
    }

    private static Optional<Incident> find(Board board, String id) {
        return board.alerts().values().stream()
                .filter(incident -> incident.id().value().equals(id))
                .findFirst();
    }

    /** Sorts like time, as text. */
    private static String byTime(Incident incident) {
        return "%015d %s".formatted(incident.openedAt().toEpochMilli(), incident.id());
    }
}
