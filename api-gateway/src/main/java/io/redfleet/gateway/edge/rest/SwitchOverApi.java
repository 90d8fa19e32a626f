package io.redfleet.gateway.edge.rest;

import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.wire.Request;
import io.smallrye.common.annotation.RunOnVirtualThread;
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
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** A planned change of master. */
@Path("/api/v1/clusters/{cluster}/failover")
@Tag(name = "clusters")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class SwitchOverApi extends OneWordApi {
    public SwitchOverApi(Fleet fleet, Writes writes) {
        super(fleet, writes, "to");
    }

    @POST
    @Needs(Role.OPERATOR)
    @Operation(
            summary = "Switch over to another data node",
            description = "Another data node becomes master while the present one lives: {\"to\":"
                    + " \"HOST/NAME\"}, or without a body whom Sentinel chooses. Writes are"
                    + " refused (NOREPLICAS) for some seconds; none that was acknowledged is"
                    + " lost.")
    @APIResponse(
            responseCode = "202",
            description = "Accepted; follow the operation in Location",
            content = @Content(schema = @Schema(implementation = Written.class)))
    @APIResponse(responseCode = "404", description = "No such cluster, or it has no such instance")
    @APIResponse(responseCode = "409", description = "It would not happen, or lose writes; 'detail' says why")
    @APIResponse(responseCode = "422", description = "The body has another field, or 'to' is not a string")
    @Parameter(
            name = "wait",
            in = ParameterIn.QUERY,
            description = Query.WAIT,
            schema = @Schema(type = SchemaType.BOOLEAN, defaultValue = "false"))
    public Response switchOver(
            @PathParam("cluster") String cluster,
            @HeaderParam("Idempotency-Key") @Nullable String key,
            @Context ContainerRequestContext request,
            InputStream body)
            throws InterruptedException {
        return ordered(
                request,
                cluster,
                key,
                body,
                (state, to) -> new Request.SwitchOver(to.isEmpty() ? null : instance(state, to)));
    }

    private static InstanceId instance(ClusterState state, String to) {
        return state.spec().members().stream()
                .map(Member::id)
                .filter(id -> id.value().equals(to))
                .findFirst()
                .orElseThrow(() ->
                        ProblemException.notFound("Cluster " + state.name() + " has no instance " + Fleet.shown(to)));
    }
}
