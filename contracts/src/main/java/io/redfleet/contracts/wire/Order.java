package io.redfleet.contracts.wire;

import io.redfleet.contracts.cluster.ClusterName;
import java.time.Instant;

/**
 * The record of the {@code commands} topic.
 *
 * @param cluster whom it is about; {@link ClusterName#FLEET} for the whole fleet
 * @param notAfter later than this by the owner's clock the order is refused, not carried out
 */
public record Order(CommandId id, ClusterName cluster, Actor actor, Instant sentAt, Instant notAfter, Request request) {
    public ServiceName to() {
        return request.to();
    }
}
