package io.redfleet.gateway.edge.rest;

import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.gateway.access.Caller;
import io.redfleet.gateway.board.Board;
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
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Monit's {@code monitor} and {@code unmonitor} for all instances of a cluster. */
@Path("/api/v1/clusters/{cluster}/{verb: monitor|unmonitor}")
@Tag(name = "clusters")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class WatchApi {
    private final Fleet fleet;
    private final Writes writes;

    public WatchApi(Fleet fleet, Writes writes) {
        this.fleet = fleet;
        this.writes = writes;
    }

    @POST
    @Needs(Role.OPERATOR)
    @Operation(
            summary = "Monitor or unmonitor a cluster",
            description = "For every instance of it: monitor judges again from clean counters;"
                    + " unmonitor judges no more and asks"
                    + " for nothing, while probing goes on.")
    @APIResponse(
            responseCode = "200",
            description = "So it is now",
            content = @Content(schema = @Schema(implementation = InstancesApi.Watched.class)))
    public Response watch(
            @PathParam("cluster") String cluster,
            @PathParam("verb") String verb,
            @HeaderParam("Idempotency-Key") @Nullable String key,
            @Context ContainerRequestContext request)
            throws InterruptedException {
        Caller caller = Callers.of(request);
        Board board = fleet.board();
        ClusterName name = fleet.cluster(board, caller, cluster).name();
        boolean on = verb.equals("monitor");
        List<InstanceId> stopped = on ? board.stopped(name, null) : List.of();
        return InstancesApi.watch(writes, caller, new InstancesApi.Watched(name, null, on, stopped), key);
    }
}
