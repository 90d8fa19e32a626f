package io.redfleet.gateway.order;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.Request;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants done.
 *
 * @param cluster whom it is about; {@link ClusterName#FLEET} for the whole fleet
 * @param asked the request as its caller made it, which a retry repeats; {@code request} may say more, as what stood
 *     when it was judged
 * @param idempotencyKey the caller's own name for this request; null: every repeat is a new order
 * @param waits whether it takes its turn behind an operation that is in the way, else it is refused
 */
public record Ask(
        ClusterName cluster,
        Actor actor,
        Request request,
        Request asked,
        @Nullable String idempotencyKey,
        boolean waits) {
    /** An order for just what was asked, that does not wait. */
    public Ask(ClusterName cluster, Actor actor, Request request, @Nullable String idempotencyKey) {
        this(cluster, actor, request, idempotencyKey, false);
    }

    /** An order for just what was asked. */
    public Ask(ClusterName cluster, Actor actor, Request request, @Nullable String idempotencyKey, boolean waits) {
        this(cluster, actor, request, request, idempotencyKey, waits);
    }
}
