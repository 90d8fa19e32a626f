package io.redfleet.gateway.edge.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.health.LabelAnswer;
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
import java.util.List;
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
    private static final List<String> FIELDS = List.of("reason", "label");

    private final Fleet fleet;
    private final Writes writes;

    public FleetApi(Fleet fleet, Writes writes) {
        this.fleet = fleet;
        this.writes = writes;
    }

    /**
     * The fleet in numbers.
     *
     * @param brake null until anyone has touched it: then Redfleet may act on its own. Of the labels that are
     *     disarmed, those that the caller's scope covers or a cluster in it bears
     */
    public record Whole(@Nullable FleetBrake brake, long clusters, long instances, long openIncidents, boolean stale) {}

    @GET
    @Needs(Role.VIEWER)
    @Operation(
            summary = "The fleet at a glance",
            description = "Whether the brake is on, the labels that are disarmed as far as they concern clusters in"
                    + " scope, and how many clusters, instances and open incidents are in scope.")
    public Whole show(@Context ContainerRequestContext request) {
        Caller caller = Callers.of(request);
        Board board = fleet.board();
        return new Whole(
                board.brake(caller::covers, Fleet.scope(caller)).orElse(null),
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
            description = "disarm: no automatic action until rearm; watching and alerting go on."
                    + " Body: {\"reason\", \"label\"}. Without a label, anywhere: needs a token without labels. With"
                    + " \"label\": \"key=value\", in clusters that bear it, as long as they do: needs a token"
                    + " whose labels cover every such cluster. Neither ends the other. At most 100 labels at once.")
    @APIResponse(
            responseCode = "200",
            description = "The brake as it is now, or the label's. A note says what was so before",
            content = @Content(schema = @Schema(oneOf = {FleetBrake.class, LabelAnswer.class})))
    @APIResponse(responseCode = "403", description = "The fleet, or clusters with this label, are outside of the scope")
    @APIResponse(responseCode = "409", description = "100 labels are disarmed, or the record of them cannot be read")
    @APIResponse(responseCode = "422", description = "No reason, one that is not a string, no label, or another field")
    public Response brake(
            @PathParam("verb") String verb,
            @HeaderParam("Idempotency-Key") @Nullable String key,
            @Context ContainerRequestContext request,
            InputStream body)
            throws InterruptedException {
        Caller caller = Callers.of(request);
        boolean disarm = verb.equals("disarm");
        Wish wish = Bodies.object(body, FleetApi::wish);
        String label = wish.label();
        if (label != null) {
            Label named = label(label);
            if (!caller.covers(named)) {
                String detail = "Clusters with this label are outside of this token's scope: " + caller.labels();
                throw new ProblemException(Problem.of(403, "Forbidden", detail));
            }
            String reason = reason(wish.reason());
            Request order = disarm ? new Request.DisarmLabel(named, reason) : new Request.RearmLabel(named, reason);
            return writes.answer(caller, ClusterName.FLEET, order, key, Writes::json);
        }
        if (!caller.coversFleet()) {
            throw new ProblemException(
                    Problem.of(403, "Forbidden", "The brake is the whole fleet's: this needs a token without labels"));
        }
        String reason = reason(wish.reason());
        Request order = disarm ? new Request.Disarm(reason) : new Request.Rearm(reason);
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

    /** @param label null where it is left out: an empty one is not the whole fleet */
    private record Wish(String reason, @Nullable String label) {}

    private static Wish wish(ObjectNode body) {
        Bodies.known(body, FIELDS);
        return new Wish(Bodies.text(body, "reason"), body.hasNonNull("label") ? Bodies.text(body, "label") : null);
    }

    private static Label label(String given) {
        if (!Label.allowed(given)) {
            throw ProblemException.broken("label", given, Label.RULE);
        }
        return new Label(given);
    }

    private static String reason(String reason) {
        if (reason.isBlank() || reason.length() > LONGEST_REASON) {
            String rule = "one sentence for those who come later, up to 500 characters";
            throw ProblemException.broken("reason", reason, rule);
        }
        return reason;
    }
}
