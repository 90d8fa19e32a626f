package io.redfleet.contracts.event;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.wire.Actor;
import org.jspecify.annotations.Nullable;

/**
 * What every event says beside its own data.
 *
 * @param uid the cluster for life; {@link ClusterUid#FLEET} where there is no cluster
 * @param instance null when it is about the cluster, or the fleet
 * @param reason one sentence a person can read
 * @param correlation the operation, failover or command this belongs to; empty if none
 * @param actor null unless a person or program caused it by token
 */
public record About(
        ClusterName cluster,
        ClusterUid uid,
        @Nullable InstanceId instance,
        String reason,
        String correlation,
        @Nullable Actor actor) {

    /** The CloudEvents subject: {@code cluster} or {@code cluster/instance}. */
    public String subject() {
        return instance == null ? cluster.value() : cluster.value() + "/" + instance.value();
    }
}
