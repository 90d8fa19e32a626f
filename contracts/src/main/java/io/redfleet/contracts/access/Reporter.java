package io.redfleet.contracts.access;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostName;

/**
 * The one host that a token of {@link Role#REPORTER} speaks for.
 *
 * @param uid of the cluster for which it was made: the next one of the same name has hosts of its own
 */
public record Reporter(ClusterName cluster, ClusterUid uid, HostName host) {
    @Override
    public String toString() {
        return cluster + "/" + host;
    }
}
