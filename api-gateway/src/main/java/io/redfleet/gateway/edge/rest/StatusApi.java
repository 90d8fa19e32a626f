package io.redfleet.gateway.edge.rest;

import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.gateway.access.Caller;
import io.redfleet.gateway.board.Board;
import io.redfleet.gateway.board.Groups;
import io.redfleet.gateway.board.MonitText;
import io.redfleet.gateway.board.Page;
import io.redfleet.gateway.board.Report;
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

/** Monit's views. */
@Path("/api/v1")
@Tag(name = "status")
@RunOnVirtualThread
public class StatusApi {
    private static final String CLUSTER = "Only instances of this cluster";
    private static final String INSTANCE = "Only this instance, as host/name";

    private static final String GROUP = "Only instances that their cluster's rules put in this group";

    private final Fleet fleet;
    private final Groups groups = new Groups();

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
            @Parameter(description = GROUP) @QueryParam("group") @Nullable String group,
            @Context ContainerRequestContext request) {
        Board board = fleet.board();
        return Page.whole(lines(board, Callers.of(request), new Wanted(cluster, instance, group)), board.stale());
    }

    @GET
    @Path("status")
    @Produces(MediaType.TEXT_PLAIN)
    @Needs(Role.VIEWER)
    @Operation(hidden = true)
    public String statusText(
            @QueryParam("cluster") @Nullable String cluster,
            @QueryParam("instance") @Nullable String instance,
            @QueryParam("group") @Nullable String group,
            @Context ContainerRequestContext request) {
        return MonitText.status(
                lines(fleet.board(), Callers.of(request), new Wanted(cluster, instance, group)), uptime());
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
            @Parameter(description = GROUP) @QueryParam("group") @Nullable String group,
            @Context ContainerRequestContext request) {
        return status(cluster, instance, group, request);
    }

    @GET
    @Path("summary")
    @Produces(MediaType.TEXT_PLAIN)
    @Needs(Role.VIEWER)
    @Operation(hidden = true)
    public String summaryText(
            @QueryParam("cluster") @Nullable String cluster,
            @QueryParam("instance") @Nullable String instance,
            @QueryParam("group") @Nullable String group,
            @Context ContainerRequestContext request) {
        return MonitText.summary(
                lines(fleet.board(), Callers.of(request), new Wanted(cluster, instance, group)), uptime());
    }

    @GET
    @Path("report")
    @Produces(MediaType.APPLICATION_JSON)
    @Needs(Role.VIEWER)
    @Operation(
            summary = "How many are up",
            description = "Instances counted by their state; Accept: text/plain gives the lines of 'monit report'.")
    public Report report(
            @Parameter(description = CLUSTER) @QueryParam("cluster") @Nullable String cluster,
            @Parameter(description = INSTANCE) @QueryParam("instance") @Nullable String instance,
            @Parameter(description = GROUP) @QueryParam("group") @Nullable String group,
            @Context ContainerRequestContext request) {
        return Report.of(lines(fleet.board(), Callers.of(request), new Wanted(cluster, instance, group)));
    }

    @GET
    @Path("report")
    @Produces(MediaType.TEXT_PLAIN)
    @Needs(Role.VIEWER)
    @Operation(hidden = true)
    public String reportText(
            @QueryParam("cluster") @Nullable String cluster,
            @QueryParam("instance") @Nullable String instance,
            @QueryParam("group") @Nullable String group,
            @Context ContainerRequestContext request) {
        return MonitText.report(report(cluster, instance, group, request));
    }

    /** What is asked for; null: all. */
    private record Wanted(
            @Nullable String cluster,
            @Nullable String instance,
            @Nullable String group) {}

    private List<StatusLine> lines(Board board, Caller caller, Wanted wanted) {
        Predicate<ClusterState> clusters = Fleet.scope(caller);
        if (wanted.cluster() != null) {
            ClusterState one = fleet.cluster(board, caller, wanted.cluster());
            clusters = state -> state.name().equals(one.name());
        }
        List<StatusLine> lines = StatusLine.list(board, groups, clusters);
        if (wanted.instance() != null) {
            // Monit's own words for it.
            lines = only(
                    lines,
                    line -> line.id().value().equals(wanted.instance()),
                    "There is no service named " + Fleet.shown(wanted.instance()));
        }
        if (wanted.group() != null) {
            lines = only(
                    lines,
                    line -> line.groups().contains(wanted.group()),
                    "No rules put an instance in a group " + Fleet.shown(wanted.group()));
        }
        return lines;
    }

    private static List<StatusLine> only(List<StatusLine> lines, Predicate<StatusLine> which, String none) {
        List<StatusLine> only = lines.stream().filter(which).toList();
        if (only.isEmpty()) {
            throw ProblemException.notFound(none);
        }
        return only;
    }

    private static Duration uptime() {
        return Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
    }
}
