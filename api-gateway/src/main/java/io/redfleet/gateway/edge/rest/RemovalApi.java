package io.redfleet.gateway.edge.rest;

import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.wire.Request;
import io.redfleet.gateway.access.Caller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The end of a cluster, and what that would be. */
@Path("/api/v1/clusters/{cluster}")
@Tag(name = "clusters")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class RemovalApi {
    private static final String KEPT = "true";
    /** Not a parameter of its own: a gateway of before passes over what it does not know, and would erase. */
    private static final String ARCHIVED = "archive";

    private final Fleet fleet;
    private final Writes writes;

    public RemovalApi(Fleet fleet, Writes writes) {
        this.fleet = fleet;
        this.writes = writes;
    }

    @DELETE
    @Needs(Role.OPERATOR)
    @Operation(
            summary = "Decommission a cluster",
            description = "Stops its instances and takes it out of watch. Its name has to be"
                    + " typed as confirm. Data stays on the"
                    + " hosts unless keepData=false; with keepData=archive an archive of it stays. With dryRun=true the"
                    + " plan is given, with what stays on the hosts and why in its notes, and nothing changes.")
    @APIResponse(
            responseCode = "202",
            description = "Accepted; follow the operation in Location",
            content = @Content(schema = @Schema(implementation = Written.class)))
    @APIResponse(responseCode = "200", description = "The plan of a dry run")
    @APIResponse(responseCode = "409", description = "Another operation is in the way, or a lost host answers")
    @Parameter(
            name = "keepData",
            in = ParameterIn.QUERY,
            description = "false erases the data too, archive erases it once an archive of it is there; nothing else",
            schema =
                    @Schema(
                            type = SchemaType.STRING,
                            enumeration = {"true", "false", "archive"},
                            defaultValue = "true"))
    @Parameter(
            name = "dryRun",
            in = ParameterIn.QUERY,
            description = "Show the plan and change nothing: true or false, nothing else; confirm is not needed",
            schema = @Schema(type = SchemaType.BOOLEAN, defaultValue = "false"))
    @Parameter(
            name = "lost",
            in = ParameterIn.QUERY,
            description = "Hosts whose machines are lost for good, with commas or repeated: nothing on them is touched,"
                    + " and the cluster ends on the others. One that answers is not lost: 409",
            schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = "wait",
            in = ParameterIn.QUERY,
            description = Query.WAIT,
            schema = @Schema(type = SchemaType.BOOLEAN, defaultValue = "false"))
    public Response delete(
            @PathParam("cluster") String name,
            @Parameter(description = "The cluster's name once more") @QueryParam("confirm") @DefaultValue("")
                    String confirm,
            @HeaderParam("Idempotency-Key") @Nullable String key,
            @Context ContainerRequestContext request)
            throws InterruptedException {
        Caller caller = Callers.of(request);
        String data = Query.oneOf(request, "keepData", List.of(KEPT, "false", ARCHIVED));
        boolean keep = data.equals(KEPT);
        boolean archive = data.equals(ARCHIVED);
        boolean dry = Query.truth(request, "dryRun", false);
        boolean waits = Query.waits(request);
        List<String> lost = Query.names(request, "lost", ClusterApi.HOST, "a host");
        ClusterState cluster = fleet.cluster(fleet.board(), caller, name);
        if (dry) {
            return writes.question(caller, cluster.name(), new Request.ShowRemoval(keep, archive, lost));
        }
        Request order = archive ? new Request.DeleteArchived(confirm, lost) : new Request.Delete(confirm, keep, lost);
        return writes.operation(caller, cluster.name(), order, key, waits);
    }
}
