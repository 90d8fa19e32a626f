package io.redfleet.monitor.topology;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.Endpoint;
import java.util.List;
import java.util.Map;

/**
 * Which specs have which addresses of data nodes: of the whole fleet, whoever watches its clusters.
 *
 * @param known whether every spec was read that lay on the bus when this process began; before that nothing is said to be nobody's
 * @param at by address as the specs write it, announced or listened on; the clusters in the order of their names
 */
public record Claims(boolean known, Map<Endpoint, List<Claim>> at) {
    public static final Claims UNKNOWN = new Claims(false, Map.of());

    public Claims {
        at = Map.copyOf(at);
    }

    /** @param stood whether the cluster has ever run as a whole; until then its spec is no more than a wish */
    public record Claim(ClusterName cluster, boolean stood) {}

    /** By other clusters than this one. */
    public List<Claim> ofOthers(ClusterName own, Endpoint endpoint) {
        return at.getOrDefault(endpoint, List.of()).stream()
                .filter(claim -> !claim.cluster().equals(own))
                .toList();
    }
}
