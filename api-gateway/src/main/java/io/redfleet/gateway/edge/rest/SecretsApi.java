package io.redfleet.gateway.edge.rest;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.wire.Request;
import io.redfleet.gateway.access.Caller;
import io.redfleet.gateway.board.Connection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** How an application gets in: where, as whom, and, for those who may, with which password. */
@Path("/api/v1/clusters/{cluster}")
@Tag(name = "clusters")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class SecretsApi {
    private final Fleet fleet;
    private final Writes writes;
    private final Unsealing unsealing;

    public SecretsApi(Fleet fleet, Writes writes, Unsealing unsealing) {
        this.fleet = fleet;
        this.writes = writes;
        this.unsealing = unsealing;
    }

    /** The one answer that holds a password. */
    public record Shown(ClusterName cluster, String user, String password) {
        @Override
        public String toString() {
            return "Shown[" + cluster + ", " + user + ", ***]";
        }
    }

    @GET
    @Path("connection")
    @Needs(Role.VIEWER)
    @Operation(
            summary = "How to connect",
            description = "What an application is configured with: the Sentinels, the master's name, the users, the"
                    + " CA where TLS is spoken. No password: see reveal.")
    @APIResponse(
            responseCode = "200",
            description = "Where and as whom",
            content = @Content(schema = @Schema(implementation = Connection.class)))
    public Connection connection(@PathParam("cluster") String name, @Context ContainerRequestContext request) {
        return Connection.of(fleet.cluster(fleet.board(), Callers.of(request), name));
    }

    @POST
    @Path("secrets/{user}/reveal")
    @Needs(Role.ADMIN)
    @Operation(
            summary = "Show a password",
            description = "The generated password of one of the cluster's users. Each time it is asked for is an event:"
                    + " secret.revealed. The answer is not to be kept by anything on its way.")
    @APIResponse(
            responseCode = "200",
            description = "The password",
            content = @Content(schema = @Schema(implementation = Shown.class)))
    @APIResponse(responseCode = "404", description = "The cluster has no generated user of that name")
    public Shown reveal(
            @PathParam("cluster") String name, @PathParam("user") String user, @Context ContainerRequestContext request)
            throws InterruptedException {
        Caller caller = Callers.of(request);
        ClusterState cluster = fleet.cluster(fleet.board(), caller, name);
        if (Purpose.of(user).isEmpty()) {
            throw ProblemException.notFound(
                    "Cluster " + cluster.name() + " has no generated user " + Fleet.shown(user));
        }
        String occasion = UUID.randomUUID().toString();
        String answer = writes.asked(caller, cluster.name(), new Request.Reveal(user, occasion));
        Secret secret = unsealing.open(answer, occasion);
        return new Shown(cluster.name(), user, secret.reveal());
    }
}
