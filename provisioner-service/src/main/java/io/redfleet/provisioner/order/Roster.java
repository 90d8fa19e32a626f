package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.operation.HostFacts;

/** Who wants to know which clusters stand: the host watch. Calls return at once. */
public interface Roster {
    /** What an earlier owner wrote last; before any {@link #follow}. */
    void known(HostFacts facts);

    void follow(ClusterState cluster);

    void leave(ClusterName cluster);

    /** The partition is another's. */
    void close();
}
