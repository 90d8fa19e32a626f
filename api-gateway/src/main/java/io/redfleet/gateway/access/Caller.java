package io.redfleet.gateway.access;

import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.wire.Actor;
import java.util.Map;

/**
 * Somebody with a live token.
 *
 * @param labels the clusters in scope: those that carry all of these; empty means every cluster and the fleet itself
 */
public record Caller(String tokenId, String name, Role role, Map<String, String> labels) {
    public Caller {
        labels = Map.copyOf(labels);
    }

    public Actor actor() {
        return new Actor(name, tokenId);
    }

    /** Whether a cluster with these labels is in scope. */
    public boolean covers(Map<String, String> clusterLabels) {
        return clusterLabels.entrySet().containsAll(labels.entrySet());
    }

    /** Whether everything is in scope, what belongs to no cluster included. */
    public boolean coversFleet() {
        return labels.isEmpty();
    }

    /** Whether this caller may hand out a token of that role and scope: never more than it holds itself. */
    public boolean mayGrant(Role granted, Map<String, String> grantedLabels) {
        return role.includes(granted) && covers(grantedLabels);
    }
}
