package io.redfleet.gateway.edge.rest;

import io.redfleet.contracts.access.Role;
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

/** A restart of all instances of a cluster, one after the other. */
@Path("/api/v1/clusters/{cluster}/roll")
@Tag(name = "clusters")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class RollApi extends OneWordApi {
    public RollApi(Fleet fleet, Writes writes) {
        super(fleet, writes, "outage");
    }

    @POST
    @Needs(Role.OPERATOR)
    @Operation(
            summary = "Restart every instance once, one after the other",
            description = "The Sentinels, the replicas, and the master once another data node has taken its place:"
                    + " writes are refused (NOREPLICAS) for some seconds then, and none that was acknowledged is lost."
                    + " Where nobody can take its place it is 409, unless the body accepts the outage: {\"outage\":"
                    + " \"HOST/NAME\"}, the master's id.")
    @APIResponse(
            responseCode = "202",
            description = "Accepted; follow the operation in Location",
            content = @Content(schema = @Schema(implementation = Written.class)))
    @APIResponse(responseCode = "404", description = "No such cluster")
    @APIResponse(responseCode = "409", description = "Not all is well, or it would be an outage; 'detail' says why")
    @APIResponse(responseCode = "422", description = "The body has another field, or 'outage' is not a string")
    @Parameter(
            name = "wait",
            in = ParameterIn.QUERY,
            description = Query.WAIT,
            schema = @Schema(type = SchemaType.BOOLEAN, defaultValue = "false"))
    public Response roll(
            @PathParam("cluster") String cluster,
            @HeaderParam("Idempotency-Key") @Nullable String key,
            @Context ContainerRequestContext request,
            InputStream body)
            throws InterruptedException {
        return ordered(request, cluster, key, body, (state, outage) -> new Request.Roll(outage));
    }
}
