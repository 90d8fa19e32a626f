package io.redfleet.gateway.edge.rest;

import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.wire.Request;
import io.redfleet.gateway.access.Caller;
import io.redfleet.gateway.board.Board;
import io.redfleet.gateway.board.Page;
import io.redfleet.gateway.order.Ask;
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
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Work in progress and done. */
@Path("/api/v1/operations")
@Tag(name = "operations")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class OperationsApi {
    private final Fleet fleet;
    private final Writes writes;

    public OperationsApi(Fleet fleet, Writes writes) {
        this.fleet = fleet;
        this.writes = writes;
    }

    @GET
    @Needs(Role.VIEWER)
    @Operation(
            summary = "List operations",
            description = "Newest first, each with its steps as far as they have come."
                    + " One is over once finishedAt is there.")
    public Page<OperationState> list(
            @Parameter(description = "Only of this cluster") @QueryParam("cluster") @Nullable String cluster,
            @Parameter(description = "Only in this state, as RUNNING") @QueryParam("state") @Nullable String state,
            @Parameter(
                            description = "At most so many, from 1 to 1000; 100 unless said",
                            schema = @Schema(implementation = Integer.class))
                    @QueryParam("limit")
                    @Nullable
                    String limit,
            @QueryParam("after") @Nullable String after,
            @Context ContainerRequestContext request) {
        Caller caller = Callers.of(request);
        OperationState.Status wanted = Query.word("state", state, OperationState.Status.class);
        Board board = fleet.board();
        return Page.of(
                board.operations().values().stream()
                        .filter(operation ->
                                cluster == null || operation.cluster().value().equals(cluster))
                        .filter(operation -> wanted == null || operation.status() == wanted)
                        .filter(operation -> fleet.sees(board, caller, operation.cluster(), operation.uid()))
                        .toList(),
                operation -> operation.id().value(),
                Comparator.reverseOrder(),
                Fleet.window(limit, after),
                board.stale());
    }

    @GET
    @Path("{id}")
    @Needs(Role.VIEWER)
    @Operation(
            summary = "Show an operation",
            description = "Its steps, what each found or did, and the reason it stands so. It is over once finishedAt"
                    + " is there: a status that is an end comes a moment before, while it still holds its cluster and"
                    + " hosts.")
    public OperationState show(@PathParam("id") String id, @Context ContainerRequestContext request) {
        return find(Callers.of(request), id);
    }

    @POST
    @Path("{id}/{verb: cancel|resume}")
    @Needs(Role.OPERATOR)
    @Operation(
            summary = "Cancel or resume an operation",
            description = "cancel ends it after the step under way; resume looks at the hosts again and carries on."
                    + " Where another operation is in the way, resume is 409, unless wait=true.")
    @APIResponse(
            responseCode = "202",
            description = "Accepted",
            content = @Content(schema = @Schema(implementation = Written.class)))
    @Parameter(
            name = "wait",
            in = ParameterIn.QUERY,
            description = Query.WAIT,
            schema = @Schema(type = SchemaType.BOOLEAN, defaultValue = "false"))
    public Response steer(
            @PathParam("id") String id,
            @PathParam("verb") String verb,
            @HeaderParam("Idempotency-Key") @Nullable String key,
            @Context ContainerRequestContext request)
            throws InterruptedException {
        Caller caller = Callers.of(request);
        OperationState operation = find(caller, id);
        boolean waits = Query.waits(request);
        if (waits && verb.equals("cancel")) {
            throw ProblemException.bad("wait is of resume: a cancel waits for nobody");
        }
        Request order = verb.equals("cancel")
                ? new Request.CancelOperation(operation.id())
                : new Request.ResumeOperation(operation.id());
        Ask ask = new Ask(operation.cluster(), caller.actor(), order, Writes.checked(key), waits);
        return writes.answer(
                ask,
                body -> Response.accepted(new Written(operation.cluster(), operation.id(), "accepted", null))
                        .build());
    }

    private OperationState find(Caller caller, String id) {
        Board board = fleet.board();
        OperationState operation =
                id.isBlank() || id.length() > 64 ? null : board.operations().get(new OperationId(id));
        if (operation == null || !fleet.sees(board, caller, operation.cluster(), operation.uid())) {
            throw ProblemException.notFound("There is no operation " + Fleet.shown(id));
        }
        return operation;
    }
}
