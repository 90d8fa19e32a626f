package io.redfleet.gateway.edge.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.gateway.access.Caller;
import io.redfleet.gateway.order.Tickets;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What became of a write that was pending. */
@Path("/api/v1/commands/{id}")
@Tag(name = "operations")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class CommandsApi {
    private static final int LONGEST = 100;

    private final Fleet fleet;
    private final Tickets tickets;

    public CommandsApi(Fleet fleet, Tickets tickets) {
        this.fleet = fleet;
        this.tickets = tickets;
    }

    /** A write, as far as it has come. */
    public record Command(
            CommandId command,
            ClusterName cluster,

            @Schema(description = "pending, accepted (an operation carries it out), refused, or done")
            String state,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            OperationId operation,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Schema(description = "Why it was refused") @Nullable
            Problem problem) {}

    @GET
    @Needs(Role.VIEWER)
    @Operation(
            summary = "What became of a write",
            description = "The Location of a write that was answered with 'pending'. Kept for a quarter of an hour or"
                    + " more, by the gateway that took the write, and by all others if it had an Idempotency-Key.")
    public Command show(@PathParam("id") String id, @Context ContainerRequestContext request) {
        Caller caller = Callers.of(request);
        Tickets.Ticket ticket = id.isBlank() || id.length() > LONGEST
                ? null
                : tickets.of(new CommandId(id)).orElse(null);
        if (ticket == null || !mayKnow(caller, ticket)) {
            throw ProblemException.notFound("There is no command " + Fleet.shown(id) + " that is remembered here");
        }
        return ticket.outcome()
                .map(outcome -> ended(ticket, outcome))
                .orElseGet(() -> new Command(ticket.command(), ticket.cluster(), "pending", null, null));
    }

    /** Its maker may, though the cluster that it is to make is not there yet; and whoever may see the cluster. */
    private boolean mayKnow(Caller caller, Tickets.Ticket ticket) {
        return ticket.madeBy(caller.tokenId())
                || fleet.knows(caller, ticket.cluster().value());
    }

    private static Command ended(Tickets.Ticket ticket, Outcome outcome) {
        return switch (outcome.result()) {
            case Outcome.Accepted accepted ->
                new Command(ticket.command(), ticket.cluster(), "accepted", accepted.operation(), null);
            case Outcome.Refused refused ->
                new Command(ticket.command(), ticket.cluster(), "refused", null, refused.problem());
            case Outcome.Answered answered -> new Command(ticket.command(), ticket.cluster(), "done", null, null);
        };
    }
}
