package io.redfleet.contracts.wire;

import io.redfleet.contracts.cluster.ClusterName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The record of the {@code commands} topic.
 *
 * @param cluster whom it is about; {@link ClusterName#FLEET} for the whole fleet
 * @param notAfter later than this by the owner's clock the order is refused, not carried out
 * @param waits whether it takes its turn behind an operation that holds the cluster or a host; null: no, it is refused, as is one
 *     of a gateway of before, which changes nothing and says who is in the way
 */
public record Order(
        CommandId id,
        ClusterName cluster,
        Actor actor,
        Instant sentAt,
        Instant notAfter,
        Request request,
        @Nullable Boolean waits) {
    public Order {
        waits = Boolean.TRUE.equals(waits) ? Boolean.TRUE : null;
    }

    /** Refused where another operation is in the way. */
    public Order(CommandId id, ClusterName cluster, Actor actor, Instant sentAt, Instant notAfter, Request request) {
        this(id, cluster, actor, sentAt, notAfter, request, null);
    }

    public ServiceName to() {
        return request.to();
    }

    /** Whether it waits where another operation is in the way. */
    public boolean mayWait() {
        return waits != null;
    }
}
