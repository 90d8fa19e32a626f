package io.redfleet.gateway.edge.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

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

    @POST
    @Path("secrets/rotate")
    @Needs(Role.ADMIN)
    @Operation(
            summary = "Change a password",
            description = "Body: {\"purpose\": \"application\", \"finish\": false}, both may be left out. Every"
                    + " instance is given a new password beside the old one; reveal shows it once all of them take it."
                    + " Both are taken until the same call with finish true, after which the old one is taken nowhere.")
    @APIResponse(
            responseCode = "202",
            description = "Accepted; follow the operation in Location",
            content = @Content(schema = @Schema(implementation = Written.class)))
    @APIResponse(responseCode = "404", description = "No such cluster, or it has no generated users")
    @APIResponse(
            responseCode = "409",
            description = "An instance is not ready, or the change has not come so far; 'detail' says why")
    @APIResponse(responseCode = "422", description = "The body has another field, or one that says something else")
    @Parameter(
            name = "wait",
            in = ParameterIn.QUERY,
            description = Query.WAIT,
            schema = @Schema(type = SchemaType.BOOLEAN, defaultValue = "false"))
    public Response rotate(
            @PathParam("cluster") String name,
            @HeaderParam("Idempotency-Key") @Nullable String key,
            @Context ContainerRequestContext request,
            InputStream body)
            throws InterruptedException {
        Caller caller = Callers.of(request);
        ClusterState cluster = fleet.cluster(fleet.board(), caller, name);
        Request order = Bodies.object(body, SecretsApi::rotation);
        return writes.operation(caller, cluster.name(), order, key, Query.waits(request));
    }

    private static Request rotation(ObjectNode body) {
        Bodies.known(body, List.of("purpose", "finish"));
        String said = Bodies.text(body, "purpose");
        String purpose = said.isEmpty() ? Purpose.APPLICATION.word() : said;
        if (Purpose.of(purpose).isEmpty()) {
            throw ProblemException.broken("purpose", purpose, "one of the generated users, as application");
        }
        JsonNode finish = body.path("finish");
        if (!finish.isMissingNode() && !finish.isNull() && !finish.isBoolean()) {
            throw ProblemException.broken("finish", finish.toString(), "true or false");
        }
        return new Request.RotateSecret(purpose, finish.booleanValue());
    }
}
