package io.redfleet.gateway.edge.rest;

import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.gateway.access.Caller;
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
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * A cluster that somebody built by hand, taken in from one Sentinel's address. Its path is that of one cluster, so that
 * a cluster which is called {@code adopt} keeps its own calls: there is no POST of a cluster itself.
 */
@Path("/api/v1/clusters/{cluster}")
@Tag(name = "clusters")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class TakeInApi {
    private static final String WORD = "adopt";

    private final Writes writes;

    public TakeInApi(Writes writes) {
        this.writes = writes;
    }

    @POST
    @Needs(Role.OPERATOR)
    @Operation(
            summary = "Take in a running cluster from one Sentinel's address (POST /clusters/adopt)",
            description = "The provisioner asks the cluster what it is, within the limits of the key and of the"
                    + " password, and accepts it with manage: observe: it is watched, and nothing is written to it."
                    + " Body: {\"sentinel\": \"10.0.0.11:26379\", \"master\", \"name\" (unless said the master's),"
                    + " \"labels\": {}, \"key\": whose limits hold, \"probe\": {\"credential\": a file's name,"
                    + " \"user\"}}. With dryRun=true the draft is given, of all masters if neither master nor name"
                    + " is said, and nothing changes.")
    @APIResponse(
            responseCode = "202",
            description = "Accepted; follow the operation in Location",
            content = @Content(schema = @Schema(implementation = Written.class)))
    @APIResponse(responseCode = "200", description = "The drafts of a dry run")
    @APIResponse(
            responseCode = "409",
            description = "It stands already or is another cluster's, or the Sentinel has no answer or no such master")
    @APIResponse(
            responseCode = "422",
            description = "A field is missing or beyond the limits, or no node says what has to be known: see errors")
    @Parameter(
            name = "cluster",
            in = ParameterIn.PATH,
            description = "The word adopt, and no other",
            schema =
                    @Schema(
                            type = SchemaType.STRING,
                            enumeration = {WORD}))
    @Parameter(
            name = "dryRun",
            in = ParameterIn.QUERY,
            description = "Give the drafts and change nothing: true or false, nothing else",
            schema = @Schema(type = SchemaType.BOOLEAN, defaultValue = "false"))
    @Parameter(
            name = "wait",
            in = ParameterIn.QUERY,
            description = Query.WAIT,
            schema = @Schema(type = SchemaType.BOOLEAN, defaultValue = "false"))
    public Response takeIn(
            @PathParam("cluster") String word,
            @HeaderParam("Idempotency-Key") @Nullable String key,
            @Context ContainerRequestContext request,
            InputStream body)
            throws InterruptedException {
        if (!word.equals(WORD)) {
            Problem problem = Problem.of(405, Problems.title(405), "A cluster itself takes no POST");
            throw new ProblemException(problem, Map.of("Allow", "GET, PUT, DELETE"));
        }
        Caller caller = Callers.of(request);
        boolean dry = Query.truth(request, "dryRun", false);
        boolean waits = Query.waits(request);
        TakeInWish wish = Bodies.object(body, tree -> TakeInWish.of(tree, dry));
        if (!caller.covers(wish.labels())) {
            String detail = "The cluster's labels are outside of this token's scope: " + caller.labels();
            throw new ProblemException(Problem.of(403, "Forbidden", detail));
        }
        return dry
                ? writes.question(caller, wish.name(), wish.order())
                : writes.operation(caller, wish.name(), wish.order(), key, waits);
    }
}
