package io.redfleet.gateway.edge.rest;

import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.wire.Request;
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
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Monit's verbs, for one instance. */
@Path("/api/v1/clusters/{cluster}/instances/{host}/{name}")
@Tag(name = "instances")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class InstancesApi {
    private final Fleet fleet;
    private final Writes writes;

    public InstancesApi(Fleet fleet, Writes writes) {
        this.fleet = fleet;
        this.writes = writes;
    }

    /**
     * The answer of monitor and unmonitor.
     *
     * @param stopped who is meant and was stopped on purpose: monitoring starts none of them, an order to start does
     */
    public record Watched(
            ClusterName cluster, @Nullable InstanceId instance, boolean monitored, List<InstanceId> stopped) {
        public Watched {
            stopped = List.copyOf(stopped);
        }
    }

    /** The instance that a path names, known to be one of the cluster's. */
    private record Target(ClusterName cluster, InstanceId instance) {}

    @POST
    @Path("{verb: start|stop|restart}")
    @Needs(Role.OPERATOR)
    @Operation(
            summary = "Start, stop or restart an instance",
            description = "The provisioner looks again before it acts and refuses what would"
                    + " cost the master or the quorum: 409"
                    + " names the exact word, which the body {\"confirm\": \"...\"} repeats.")
    @APIResponse(
            responseCode = "202",
            description = "Accepted; follow the operation in Location",
            content = @Content(schema = @Schema(implementation = Written.class)))
    @APIResponse(responseCode = "409", description = "Switch over first, send the exact word, or see who is at work")
    @APIResponse(responseCode = "422", description = "The body has another field, or confirm is not a string")
    @Parameter(
            name = "wait",
            in = ParameterIn.QUERY,
            description = Query.WAIT,
            schema = @Schema(type = SchemaType.BOOLEAN, defaultValue = "false"))
    public Response run(
            @PathParam("cluster") String cluster,
            @PathParam("host") String host,
            @PathParam("name") String name,
            @PathParam("verb") String verb,
            @HeaderParam("Idempotency-Key") @Nullable String key,
            @Context ContainerRequestContext request,
            InputStream body)
            throws InterruptedException {
        Caller caller = Callers.of(request);
        boolean waits = Query.waits(request);
        Target target = target(caller, cluster, host, name);
        String confirm = Bodies.only(body, "confirm");
        Request.Verb asked = Request.Verb.valueOf(verb.toUpperCase(Locale.ROOT));
        Request run = new Request.Run(target.instance(), asked, confirm);
        return writes.operation(caller, target.cluster(), run, key, waits);
    }

    @POST
    @Path("{verb: monitor|unmonitor}")
    @Needs(Role.OPERATOR)
    @Operation(
            summary = "Monitor or unmonitor an instance",
            description = "monitor judges it again from clean counters; unmonitor judges it no"
                    + " more and asks for nothing, while"
                    + " probing goes on.")
    @APIResponse(
            responseCode = "200",
            description = "So it is now",
            content = @Content(schema = @Schema(implementation = Watched.class)))
    public Response watch(
            @PathParam("cluster") String cluster,
            @PathParam("host") String host,
            @PathParam("name") String name,
            @PathParam("verb") String verb,
            @HeaderParam("Idempotency-Key") @Nullable String key,
            @Context ContainerRequestContext request)
            throws InterruptedException {
        Caller caller = Callers.of(request);
        Target target = target(caller, cluster, host, name);
        boolean on = verb.equals("monitor");
        List<InstanceId> stopped = on ? fleet.board().stopped(target.cluster(), target.instance()) : List.of();
        return watch(writes, caller, new Watched(target.cluster(), target.instance(), on, stopped), key);
    }

    static Response watch(Writes writes, Caller caller, Watched wish, @Nullable String key)
            throws InterruptedException {
        InstanceId instance = wish.instance();
        Request request = wish.monitored() ? new Request.Monitor(instance) : new Request.Unmonitor(instance);
        return writes.answer(
                caller, wish.cluster(), request, key, body -> Response.ok(wish).build());
    }

    private Target target(Caller caller, String cluster, String host, String name) {
        ClusterState state = fleet.cluster(fleet.board(), caller, cluster);
        String id = host + "/" + name;
        return state.spec().members().stream()
                .map(Member::id)
                .filter(member -> member.value().equals(id))
                .findFirst()
                .map(member -> new Target(state.name(), member))
                .orElseThrow(() ->
                        ProblemException.notFound("Cluster " + state.name() + " has no instance " + Fleet.shown(id)));
    }
}
