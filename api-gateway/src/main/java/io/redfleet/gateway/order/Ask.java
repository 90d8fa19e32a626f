package io.redfleet.gateway.order;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.Request;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants done.
 *
 * @param cluster whom it is about; {@link ClusterName#FLEET} for the whole fleet
 * @param idempotencyKey the caller's own name for this request; null: every repeat is a new order
 */
public record Ask(
        ClusterName cluster,
        Actor actor,
        Request request,
        @Nullable String idempotencyKey) {}
