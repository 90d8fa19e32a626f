package io.redfleet.gateway.edge.rest;

import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.gateway.access.Caller;
import io.redfleet.gateway.board.Board;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The fleet as a whole, and its brake. */
@Path("/api/v1/fleet")
@Tag(name = "fleet")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class FleetApi {
    private static final int LONGEST_REASON = 500;

    private final Fleet fleet;
    private final Writes writes;

    public FleetApi(Fleet fleet, Writes writes) {
        this.fleet = fleet;
        this.writes = writes;
    }

    /**
     * The fleet in numbers.
     *
     * @param brake null until anyone has touched it: then Redfleet may act on its own
     */
    public record Whole(@Nullable FleetBrake brake, long clusters, long instances, long openIncidents, boolean stale) {}

    @GET
    @Needs(Role.VIEWER)
    @Operation(
            summary = "The fleet at a glance",
            description = "Whether the brake is on, and how many clusters, instances and open incidents are in scope.")
    public Whole show(@Context ContainerRequestContext request) {
        Caller caller = Callers.of(request);
        Board board = fleet.board();
        return new Whole(
                board.brake().orElse(null),
                board.clusters().values().stream().filter(Fleet.scope(caller)).count(),
                board.clusters().values().stream()
                        .filter(Fleet.scope(caller))
                        .mapToLong(cluster -> cluster.spec().members().size())
                        .sum(),
                board.alerts().values().stream()
                        .filter(incident -> incident.resolvedAt() == null)
                        .filter(incident -> fleet.sees(board, caller, incident.cluster(), incident.uid()))
                        .count(),
                board.stale());
    }

    @POST
    @Path("{verb: disarm|rearm}")
    @Needs(Role.OPERATOR)
    @Operation(
            summary = "Put the brake on, or take it off",
            description =
                    "disarm: no automatic action anywhere until rearm; watching and alerting go on. Body: {\"reason\"}."
                            + " Needs a token without labels.")
    @APIResponse(
            responseCode = "200",
            description = "The brake as it is now",
            content = @Content(schema = @Schema(implementation = FleetBrake.class)))
    @APIResponse(responseCode = "422", description = "No reason, one that is not a string, or another field")
    public Response brake(
            @PathParam("verb") String verb,
            @HeaderParam("Idempotency-Key") @Nullable String key,
            @Context ContainerRequestContext request,
            InputStream body)
            throws InterruptedException {
        Caller caller = Callers.of(request);
        if (!caller.coversFleet()) {
            throw new ProblemException(
                    Problem.of(403, "Forbidden", "The brake is the whole fleet's: this needs a token without labels"));
        }
        String reason = reason(Bodies.only(body, "reason"));
        Request order = verb.equals("disarm") ? new Request.Disarm(reason) : new Request.Rearm(reason);
        return writes.answer(
                caller,
                ClusterName.FLEET,
                order,
                key,
                answer -> fleet.board()
                        .brake()
                        .map(brake -> Response.ok(brake).build())
                        .orElseGet(() -> Writes.json(answer)));
    }

    private static String reason(String reason) {
        if (reason.isBlank() || reason.length() > LONGEST_REASON) {
            String rule = "one sentence for those who come later, up to 500 characters";
            throw ProblemException.broken("reason", reason, rule);
        }
        return reason;
    }
}
