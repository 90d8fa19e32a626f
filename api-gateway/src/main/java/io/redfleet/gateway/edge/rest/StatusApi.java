package io.redfleet.gateway.edge.rest;

import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.gateway.access.Caller;
import io.redfleet.gateway.board.Board;
import io.redfleet.gateway.board.MonitText;
import io.redfleet.gateway.board.Report;
import io.redfleet.gateway.board.Rules;
import io.redfleet.gateway.board.Services;
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
import java.time.InstantSource;
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
    private static final String CLUSTER = "Only of this cluster";
    private static final String INSTANCE = "Only this instance, as host/name, or this check of a host, as host/check";

    private static final String GROUP = "Only those that their cluster's rules put in this group";

    private final Fleet fleet;
    private final InstantSource clock;
    private final Rules rules = new Rules();

    public StatusApi(Fleet fleet, InstantSource clock) {
        this.fleet = fleet;
        this.clock = clock;
    }

    @GET
    @Path("status")
    @Produces(MediaType.APPLICATION_JSON)
    @Needs(Role.VIEWER)
    @Operation(
            summary = "Every instance, and every check of a host, in full",
            description =
                    "One item an instance, and one of 'hosts' a check of a host, in Monit's terms; their kind tells"
                            + " them apart. A check of a host has its figures in 'machine' or 'filesystem', or says in"
                            + " 'unmeasured' why not. 'drifts' are the clusters whose hosts are known to differ"
                            + " from their specs. Accept: text/plain gives the blocks of 'monit status'.")
    public Services status(
            @Parameter(description = CLUSTER) @QueryParam("cluster") @Nullable String cluster,
            @Parameter(description = INSTANCE) @QueryParam("instance") @Nullable String instance,
            @Parameter(description = GROUP) @QueryParam("group") @Nullable String group,
            @Context ContainerRequestContext request) {
        return services(Callers.of(request), new Wanted(cluster, instance, group));
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
        return MonitText.status(services(Callers.of(request), new Wanted(cluster, instance, group)), uptime());
    }

    @GET
    @Path("summary")
    @Produces(MediaType.APPLICATION_JSON)
    @Needs(Role.VIEWER)
    @Operation(
            summary = "Every instance, and every check of a host, in a line",
            description = "The same lists as /status; Accept: text/plain gives the table of 'monit summary'.")
    public Services summary(
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
        return MonitText.summary(services(Callers.of(request), new Wanted(cluster, instance, group)), uptime());
    }

    @GET
    @Path("report")
    @Produces(MediaType.APPLICATION_JSON)
    @Needs(Role.VIEWER)
    @Operation(
            summary = "How many are up",
            description = "Instances and checks of hosts counted by their state; what waits counts as initialising."
                    + " Accept: text/plain gives the lines of 'monit report'.")
    public Report report(
            @Parameter(description = CLUSTER) @QueryParam("cluster") @Nullable String cluster,
            @Parameter(description = INSTANCE) @QueryParam("instance") @Nullable String instance,
            @Parameter(description = GROUP) @QueryParam("group") @Nullable String group,
            @Context ContainerRequestContext request) {
        return Report.of(services(Callers.of(request), new Wanted(cluster, instance, group)));
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

    private Services services(Caller caller, Wanted wanted) {
        Board board = fleet.board();
        Predicate<ClusterState> clusters = Fleet.scope(caller);
        if (wanted.cluster() != null) {
            ClusterState one = fleet.cluster(board, caller, wanted.cluster());
            clusters = state -> state.name().equals(one.name());
        }
        Services services = Services.of(board, rules, clusters, clock.instant());
        String id = wanted.instance();
        if (id != null) {
            // Monit's own words for it.
            services = some(
                    services.only(
                            line -> line.id().value().equals(id),
                            line -> line.id().equals(id)),
                    "There is no service named " + Fleet.shown(id));
        }
        String group = wanted.group();
        if (group != null) {
            services = some(
                    services.only(
                            line -> line.groups().contains(group),
                            line -> line.groups().contains(group)),
                    "No rules put anything in a group " + Fleet.shown(group));
        }
        return services;
    }

    private static Services some(Services services, String none) {
        if (services.nothing()) {
            throw ProblemException.notFound(none);
        }
        return services;
    }

    private static Duration uptime() {
        return Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
    }
}
