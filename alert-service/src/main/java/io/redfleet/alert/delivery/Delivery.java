package io.redfleet.alert.delivery;

import io.redfleet.alert.route.ReceiverName;
import io.redfleet.contracts.alert.IncidentId;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import java.time.Instant;

/**
 * One notice for one receiver.
 *
 * @param key the notice's, stable through attempts, restarts and crashes
 * @param reminder which reminder to this receiver it is, counted from 1; 0: it is none
 * @param body JSON text, the same in every attempt
 * @param attempts made so far, this one left out
 * @param lastError of the attempt before; empty if none failed
 */
public record Delivery(
        Subject subject,
        String key,
        ReceiverName receiver,
        int reminder,
        String body,
        int attempts,
        Instant queuedAt,
        String lastError) {
    /** Whose incident it tells of. */
    public record Subject(IncidentId incident, ClusterName cluster, ClusterUid uid) {}
}
