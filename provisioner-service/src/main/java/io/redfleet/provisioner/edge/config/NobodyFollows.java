package io.redfleet.provisioner.edge.config;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.provisioner.order.Roster;

/** Until the host watch stands. */
final class NobodyFollows implements Roster {
    @Override
    public void follow(ClusterState cluster) {}

    @Override
    public void leave(ClusterName cluster) {}
}
