package io.redfleet.gateway.edge.rest;

import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.operation.Verification;
import io.redfleet.contracts.wire.Request;
import io.redfleet.gateway.access.Caller;
import io.redfleet.gateway.board.Board;
import io.redfleet.gateway.board.ClusterCard;
import io.redfleet.gateway.board.Topology;
import io.redfleet.gateway.order.Ask;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** One cluster: look at it, change it. */
@Path("/api/v1/clusters/{cluster}")
@Tag(name = "clusters")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class ClusterApi {
    /** A word of INFO; anything else could not be a section and is not sent to anyone's Redis. */
    private static final Pattern SECTION = Pattern.compile("[a-z]{1,32}");

    static final Pattern HOST = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final Pattern MEMBER = Pattern.compile(HOST + "(/[a-z0-9][a-z0-9-]{0,62})?");

    private final Fleet fleet;
    private final Writes writes;
    private final InstantSource clock;

    public ClusterApi(Fleet fleet, Writes writes, InstantSource clock) {
        this.fleet = fleet;
        this.writes = writes;
        this.clock = clock;
    }

    @GET
    @Needs(Role.VIEWER)
    @Operation(
            summary = "Show a cluster",
            description =
                    "Spec, revision, phase, health, the facts of its hosts, whether these are known to differ from the"
                            + " spec (drift), and the operation under way. The ETag is the"
                            + " revision; a PUT with If-Match changes nothing if somebody was faster.")
    @APIResponse(
            responseCode = "200",
            description = "The cluster",
            content = @Content(schema = @Schema(implementation = ClusterCard.class)))
    @APIResponse(responseCode = "304", description = "Its spec has still the revision of If-None-Match")
    public Response show(@PathParam("cluster") String name, @Context ContainerRequestContext request) {
        Board board = fleet.board();
        ClusterCard card = ClusterCard.of(board, fleet.cluster(board, Callers.of(request), name), clock.instant());
        return Response.ok(card).tag(String.valueOf(card.revision())).build();
    }

    @PUT
    @Needs(Role.OPERATOR)
    @Consumes({MediaType.APPLICATION_JSON, ClustersApi.YAML, ClustersApi.X_YAML, ClustersApi.TEXT_YAML})
    @Operation(
            summary = "Apply a spec",
            description = "Creates the cluster, or changes it to what the spec says; 200 when it"
                    + " is so already. With If-Match a"
                    + " spec that was made from an older revision is refused with 409. With"
                    + " dryRun=true the plan is given"
                    + " and nothing changes. With plan=ID that plan is carried out, or, if it is not what would be"
                    + " done now, nothing: 409 names both. A host or an instance that the spec leaves out is not"
                    + " removed, 409, unless it is named by remove; one whose machine is lost for good by lost."
                    + " Nothing that runs is restarted without rolling=true. A cluster that is observed comes to be"
                    + " managed by adopt=true alone.")
    @APIResponse(
            responseCode = "202",
            description = "Accepted; follow the operation in Location",
            content = @Content(schema = @Schema(implementation = Written.class)))
    @APIResponse(responseCode = "200", description = "Nothing to do, or the plan of a dry run")
    @APIResponse(
            responseCode = "409",
            description = "Another revision stands, an operation is in the way, the plan is another by now, or"
                    + " members are left out that are not named or cannot leave")
    @APIResponse(responseCode = "422", description = "Rules of the spec are broken: see errors")
    @Parameter(
            name = "dryRun",
            in = ParameterIn.QUERY,
            description = "Show the plan and change nothing: true or false, nothing else",
            schema = @Schema(type = SchemaType.BOOLEAN, defaultValue = "false"))
    @Parameter(
            name = "plan",
            in = ParameterIn.QUERY,
            description = "The id of the plan that is to be carried out, as a dry run or GET plan has it",
            schema = @Schema(type = SchemaType.STRING, pattern = "[0-9a-f]{16}"))
    @Parameter(
            name = "remove",
            in = ParameterIn.QUERY,
            description = "Hosts and instances that are to leave, as r3 or r3/redis-server, with commas or repeated",
            schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = "lost",
            in = ParameterIn.QUERY,
            description = "Hosts whose machines are lost for good: forgotten, and nothing on them touched",
            schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = "rolling",
            in = ParameterIn.QUERY,
            description = "Whether what runs may be restarted, one after the other, where a difference needs it;"
                    + " until-master: all but the master, for whose turn a person decides",
            schema =
                    @Schema(
                            type = SchemaType.STRING,
                            enumeration = {"false", "true", Query.UNTIL_MASTER},
                            defaultValue = "false"))
    @Parameter(
            name = "outage",
            in = ParameterIn.QUERY,
            description = "The id of the master, by whoever accepts its restart though nobody can take its place",
            schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = "adopt",
            in = ParameterIn.QUERY,
            description = "Whether a cluster that is observed may be taken over, where it lies and without a restart",
            schema = @Schema(type = SchemaType.BOOLEAN, defaultValue = "false"))
    @Parameter(
            name = "wait",
            in = ParameterIn.QUERY,
            description = Query.WAIT,
            schema = @Schema(type = SchemaType.BOOLEAN, defaultValue = "false"))
    public Response apply(
            @PathParam("cluster") String path,
            @Parameter(description = "The ETag that the spec was made from, as \"3\"")
                    @HeaderParam("If-Match")
                    @Nullable
                    String ifMatch,
            @HeaderParam("Idempotency-Key") @Nullable String key,
            @HeaderParam("Content-Type") @Nullable MediaType type,
            @Context ContainerRequestContext request,
            InputStream body)
            throws InterruptedException {
        Caller caller = Callers.of(request);
        boolean dry = Query.truth(request, "dryRun", false);
        String plan = Query.plan(request, dry);
        List<String> remove = Query.names(request, "remove", MEMBER, "a host, or an instance as r3/redis-server");
        List<String> lost = Query.names(request, "lost", HOST, "a host");
        String rolling = Query.rolling(request);
        String outage = Query.outage(request, rolling);
        boolean adopt = Query.truth(request, "adopt", false);
        boolean waits = Query.waits(request);
        Long revision = Specs.revision(ifMatch);
        Specs.Draft draft = Specs.read(body, type).named(path);
        ClusterName name = draft.name();
        Optional<ClusterState> present = fleet.board().cluster(name);
        if (present.isPresent() && !caller.covers(present.get().spec().labels())) {
            throw ProblemException.notFound("No cluster is called " + Fleet.shown(path));
        }
        draft.within(caller);
        Request.Apply asked = new Request.Apply(
                draft.document(),
                revision,
                false,
                dry,
                plan,
                remove,
                lost,
                rolling.equals("true"),
                outage,
                adopt,
                rolling.equals(Query.UNTIL_MASTER));
        Request judged = revision != null || caller.coversFleet() ? asked : asJudged(present, asked);
        return dry
                ? writes.question(caller, name, judged)
                : writes.operation(new Ask(name, caller.actor(), judged, asked, key, waits));
    }

    /**
     * A scope was judged by the cluster as it stood; if it stands otherwise by the time the order is carried out, that
     * is somebody else's to see. A caller of the whole fleet is held to what it said itself.
     */
    private static Request asJudged(Optional<ClusterState> present, Request.Apply asked) {
        return asked.heldTo(present.map(ClusterState::revision).orElse(null), present.isEmpty());
    }

    @GET
    @Path("plan")
    @Needs(Role.VIEWER)
    @Operation(
            summary = "What would change now",
            description =
                    "The steps that would turn what is on the hosts into what the spec says, each with a diff and what"
                            + " it costs (effect: none, live, start, stop, restart), and what differs and is not"
                            + " changed (refused). 'plan' is its id: the same as long as nothing has changed. Looks at"
                            + " the hosts while you wait and changes nothing.")
    @APIResponse(responseCode = "200", description = "The plan; no changes means no drift")
    public Response plan(@PathParam("cluster") String name, @Context ContainerRequestContext request)
            throws InterruptedException {
        Caller caller = Callers.of(request);
        return writes.question(
                caller, fleet.cluster(fleet.board(), caller, name).name(), new Request.ShowPlan());
    }

    @GET
    @Path("sudoers")
    @Needs(Role.VIEWER)
    @Operation(
            summary = "What sudo has to allow on its hosts",
            description =
                    "The file for /etc/sudoers.d, in 'file', that lets the SSH users of the spec do what Redfleet does"
                            + " on its hosts; 'needed' is false where nothing of it takes sudo. Whoever it names is as"
                            + " much as root there.")
    @APIResponse(responseCode = "200", description = "The file; no host is asked")
    @APIResponse(responseCode = "409", description = "A user's name cannot stand in such a file")
    public Response sudoers(@PathParam("cluster") String name, @Context ContainerRequestContext request)
            throws InterruptedException {
        Caller caller = Callers.of(request);
        return writes.question(
                caller, fleet.cluster(fleet.board(), caller, name).name(), new Request.ShowSudoers());
    }

    @GET
    @Path("verify")
    @Needs(Role.VIEWER)
    @Operation(
            summary = "Is it as its spec says",
            description = "Holds the hosts against the spec, rule by rule: processes, roles, settings, users, modes,"
                    + " limits and the warnings in the logs. Rules that passed are counted for each host, the others"
                    + " are findings. Looks while you wait and changes nothing; a host that gives no answer is not"
                    + " verified.")
    @APIResponse(
            responseCode = "200",
            description = "What was found",
            content = @Content(schema = @Schema(implementation = Verification.class)))
    public Response verify(@PathParam("cluster") String name, @Context ContainerRequestContext request)
            throws InterruptedException {
        Caller caller = Callers.of(request);
        ClusterName cluster = fleet.cluster(fleet.board(), caller, name).name();
        return writes.question(caller, cluster, new Request.ShowVerification());
    }

    @GET
    @Path("topology")
    @Needs(Role.VIEWER)
    @Operation(
            summary = "Who is what",
            description = "Every instance with its role and liveness as last seen, and the verdict on the whole.")
    public Topology topology(@PathParam("cluster") String name, @Context ContainerRequestContext request) {
        Board board = fleet.board();
        return Topology.of(board, fleet.cluster(board, Callers.of(request), name));
    }

    @GET
    @Path("info/{section}")
    @Needs(Role.VIEWER)
    @Operation(
            summary = "INFO of every instance",
            description =
                    "Asks every instance for one section of INFO (replication, sentinel, memory ...) while you wait. An"
                            + " instance that does not answer has an 'error' instead of fields.")
    @APIResponse(responseCode = "200", description = "Instance to its fields")
    public Response info(
            @PathParam("cluster") String name,
            @PathParam("section") String section,
            @Context ContainerRequestContext request)
            throws InterruptedException {
        Caller caller = Callers.of(request);
        ClusterState cluster = fleet.cluster(fleet.board(), caller, name);
        if (!SECTION.matcher(section).matches()) {
            throw ProblemException.notFound("INFO has no section " + Fleet.shown(section));
        }
        return writes.question(caller, cluster.name(), new Request.ShowInfo(section));
    }
}
