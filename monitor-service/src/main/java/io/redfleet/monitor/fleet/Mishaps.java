package io.redfleet.monitor.fleet;

import io.redfleet.contracts.cluster.ClusterName;

/** Hears of each fault of a watch: a bug of ours that came out while one cluster was judged. Called on the fleet's thread. */
public interface Mishaps {
    /** @param inARow which of its row: the first of them is news */
    void fault(ClusterName cluster, int inARow, RuntimeException fault);
}
