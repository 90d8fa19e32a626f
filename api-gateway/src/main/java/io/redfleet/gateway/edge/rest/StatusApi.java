package io.redfleet.gateway.edge.rest;

import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.gateway.access.Caller;
import io.redfleet.gateway.board.Board;
import io.redfleet.gateway.board.MonitText;
import io.redfleet.gateway.board.Page;
import io.redfleet.gateway.board.StatusLine;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Monit's two views. */
@Path("/api/v1")
@Tag(name = "status")
@RunOnVirtualThread
public class StatusApi {
    private static final String CLUSTER = "Only instances of this cluster";
    private static final String INSTANCE = "Only this instance, as host/name";

    private final Fleet fleet;

    public StatusApi(Fleet fleet) {
        this.fleet = fleet;
    }

    @GET
    @Path("status")
    @Produces(MediaType.APPLICATION_JSON)
    @Needs(Role.VIEWER)
    @Operation(
            summary = "Every instance in full",
            description =
                    "One item an instance, in Monit's terms; Accept: text/plain gives the blocks of 'monit status'.")
    public Page<StatusLine> status(
            @Parameter(description = CLUSTER) @QueryParam("cluster") @Nullable String cluster,
            @Parameter(description = INSTANCE) @QueryParam("instance") @Nullable String instance,
            @Context ContainerRequestContext request) {
        Board board = fleet.board();
        return Page.whole(lines(board, Callers.of(request), cluster, instance), board.stale());
    }

    @GET
    @Path("status")
    @Produces(MediaType.TEXT_PLAIN)
    @Needs(Role.VIEWER)
    @Operation(hidden = true)
    public String statusText(
            @QueryParam("cluster") @Nullable String cluster,
            @QueryParam("instance") @Nullable String instance,
            @Context ContainerRequestContext request) {
        return MonitText.status(lines(fleet.board(), Callers.of(request), cluster, instance), uptime());
    }

    @GET
    @Path("summary")
    @Produces(MediaType.APPLICATION_JSON)
    @Needs(Role.VIEWER)
    @Operation(
            summary = "Every instance in a line",
            description = "The same items as /status; Accept: text/plain gives the table of 'monit summary'.")
    public Page<StatusLine> summary(
            @Parameter(description = CLUSTER) @QueryParam("cluster") @Nullable String cluster,
            @Parameter(description = INSTANCE) @QueryParam("instance") @Nullable String instance,
            @Context ContainerRequestContext request) {
        return status(cluster, instance, request);
    }

    @GET
    @Path("summary")
    @Produces(MediaType.TEXT_PLAIN)
    @Needs(Role.VIEWER)
    @Operation(hidden = true)
    public String summaryText(
            @QueryParam("cluster") @Nullable String cluster,
            @QueryParam("instance") @Nullable String instance,
            @Context ContainerRequestContext request) {
        return MonitText.summary(lines(fleet.board(), Callers.of(request), cluster, instance), uptime());
    }

    private List<StatusLine> lines(Board board, Caller caller, @Nullable String cluster, @Nullable String instance) {
        Predicate<ClusterState> wanted = Fleet.scope(caller);
        if (cluster != null) {
            ClusterState one = fleet.cluster(board, caller, cluster);
            wanted = state -> state.name().equals(one.name());
        }
        List<StatusLine> lines = StatusLine.list(board, wanted);
        if (instance == null) {
            return lines;
        }
        List<StatusLine> only = lines.stream()
                .filter(line -> line.id().value().equals(instance))
                .toList();
        if (only.isEmpty()) {
            // Monit's own words for it.
            throw ProblemException.notFound("There is no service named " + Fleet.shown(instance));
        }
        return only;
    }

    private static Duration uptime() {
        return Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
    }
}
