package io.redfleet.gateway.edge.rest;

import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.wire.Request;
import io.redfleet.gateway.access.Caller;
import io.redfleet.gateway.board.Board;
import io.redfleet.gateway.board.ClusterLine;
import io.redfleet.gateway.board.Page;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** All clusters: list them, add one. */
@Path("/api/v1/clusters")
@Tag(name = "clusters")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class ClustersApi {
    static final String YAML = "application/yaml";
    static final String X_YAML = "application/x-yaml";
    static final String TEXT_YAML = "text/yaml";

    private final Fleet fleet;
    private final Writes writes;
    private final InstantSource clock;

    public ClustersApi(Fleet fleet, Writes writes, InstantSource clock) {
        this.fleet = fleet;
        this.writes = writes;
        this.clock = clock;
    }

    @GET
    @Needs(Role.VIEWER)
    @Operation(
            summary = "List clusters",
            description =
                    "The clusters in the token's scope by name, each with its phase, its master, how many instances"
                            + " answer, and whether its hosts are known to differ from its spec (drift).")
    public Page<ClusterLine> list(
            @Parameter(description = "Only clusters with this label, as key=value; repeat it for more labels")
                    @QueryParam("label")
                    List<String> labels,
            @Parameter(description = "Only clusters in this phase, as READY") @QueryParam("state") @Nullable
                    String state,
            @Parameter(
                            description = "At most so many, from 1 to 1000; 100 unless said",
                            schema = @Schema(implementation = Integer.class))
                    @QueryParam("limit")
                    @Nullable
                    String limit,
            @Parameter(description = "The 'next' of the page before") @QueryParam("after") @Nullable String after,
            @Context ContainerRequestContext request) {
        Board board = fleet.board();
        Predicate<ClusterState> wanted = Fleet.scope(Callers.of(request)).and(labelled(labels));
        Phase phase = Query.word("state", state, Phase.class);
        if (phase != null) {
            wanted = wanted.and(cluster -> cluster.phase() == phase);
        }
        return Page.of(
                ClusterLine.list(board, wanted, clock.instant()),
                line -> line.name().value(),
                Comparator.naturalOrder(),
                Fleet.window(limit, after),
                board.stale());
    }

    @POST
    @Needs(Role.OPERATOR)
    @Consumes({MediaType.APPLICATION_JSON, YAML, X_YAML, TEXT_YAML})
    @Operation(
            summary = "Create a cluster",
            description = "Takes a spec in JSON or YAML and starts to make it true. 409 if the cluster exists. With"
                    + " dryRun=true the plan is given and nothing changes; with plan=ID that plan is carried out, or"
                    + " nothing.")
    @APIResponse(
            responseCode = "202",
            description = "Accepted; follow the operation in Location",
            content = @Content(schema = @Schema(implementation = Written.class)))
    @APIResponse(responseCode = "200", description = "Nothing to do, or the plan of a dry run")
    @APIResponse(responseCode = "409", description = "A cluster of this name exists, or the plan is another by now")
    @APIResponse(responseCode = "422", description = "Rules of the spec are broken: see errors")
    @Parameter(
            name = "dryRun",
            in = ParameterIn.QUERY,
            description = "Show the plan and change nothing: true or false, nothing else",
            schema = @Schema(type = SchemaType.BOOLEAN, defaultValue = "false"))
    @Parameter(
            name = "plan",
            in = ParameterIn.QUERY,
            description = "The id of the plan that is to be carried out, as a dry run has it",
            schema = @Schema(type = SchemaType.STRING, pattern = "[0-9a-f]{16}"))
    @Parameter(
            name = "wait",
            in = ParameterIn.QUERY,
            description = Query.WAIT,
            schema = @Schema(type = SchemaType.BOOLEAN, defaultValue = "false"))
    public Response create(
            @HeaderParam("Idempotency-Key") @Nullable String key,
            @HeaderParam("Content-Type") @Nullable MediaType type,
            @Context ContainerRequestContext request,
            InputStream body)
            throws InterruptedException {
        Caller caller = Callers.of(request);
        boolean dry = Query.truth(request, "dryRun", false);
        String plan = Query.plan(request, dry);
        boolean waits = Query.waits(request);
        Specs.Draft draft = Specs.read(body, type).within(caller);
        Request apply = new Request.Apply(draft.document(), null, true, dry, plan);
        return dry
                ? writes.question(caller, draft.name(), apply)
                : writes.operation(caller, draft.name(), apply, key, waits);
    }

    private static Predicate<ClusterState> labelled(List<String> labels) {
        Map<String, String> wanted = new HashMap<>();
        for (String label : labels) {
            int equals = label.indexOf('=');
            if (equals < 0) {
                throw Query.broken("label", label, "key=value");
            }
            wanted.put(label.substring(0, equals), label.substring(equals + 1));
        }
        return cluster -> cluster.spec().labels().entrySet().containsAll(wanted.entrySet());
    }
}
