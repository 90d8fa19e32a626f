package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;

/** Who wants to know which clusters stand: the host watch. Calls return at once. */
public interface Roster {
    void follow(ClusterState cluster);

    void leave(ClusterName cluster);
}
