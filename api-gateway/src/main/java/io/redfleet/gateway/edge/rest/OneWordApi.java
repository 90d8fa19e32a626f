package io.redfleet.gateway.edge.rest;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.wire.Request;
import io.redfleet.gateway.access.Caller;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** An order about a whole cluster that ends as an operation, and whose body may have one field and no other. */
abstract class OneWordApi {
    private final Fleet fleet;
    private final Writes writes;
    private final String field;

    OneWordApi(Fleet fleet, Writes writes, String field) {
        this.fleet = fleet;
        this.writes = writes;
        this.field = field;
    }

    /**
     * Nothing of the body is looked at before the cluster is known to be the caller's.
     *
     * @param order of the cluster, and of what the field says: nothing if it is not there
     */
    Response ordered(
            ContainerRequestContext request,
            String cluster,
            @Nullable String key,
            InputStream body,
            BiFunction<ClusterState, String, Request> order)
            throws InterruptedException {
        Caller caller = Callers.of(request);
        ClusterState state = fleet.cluster(fleet.board(), caller, cluster);
        Request asked = order.apply(state, Bodies.only(body, field));
        return writes.operation(caller, state.name(), asked, key, Query.waits(request));
    }
}
