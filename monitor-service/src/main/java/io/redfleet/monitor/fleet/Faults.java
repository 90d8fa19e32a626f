package io.redfleet.monitor.fleet;

import io.redfleet.contracts.cluster.ClusterName;
import java.util.HashMap;
import java.util.Map;

/**
 * A bug that comes out while one cluster is judged costs that cluster alone: the step is given up, the others go on. A watch that
 * fails again and again is blind, and is ended. Owned by the fleet's thread.
 *
 * <p>A row ends with the second of two cycles between which nothing failed: most answers say nothing new and find no bug, so one
 * step that went well shows nothing.
 */
final class Faults {
    static final int MOST = 10;

    /** @param quiet whether nothing has failed since the last cycle */
    private record Row(int length, boolean quiet, RuntimeException last) {}

    private final Mishaps mishaps;
    private final Map<ClusterName, Row> rows = new HashMap<>();

    Faults(Mishaps mishaps) {
        this.mishaps = mishaps;
    }

    /** Answers whether the watch has failed so often that it is to be ended. */
    boolean thrown(ClusterName cluster, RuntimeException fault) {
        Row before = rows.get(cluster);
        int length = before == null ? 1 : before.length() + 1;
        rows.put(cluster, new Row(length, false, fault));
        mishaps.fault(cluster, length, fault);
        return length >= MOST;
    }

    /** A cycle of the cluster was judged to its end. */
    void judged(ClusterName cluster) {
        rows.computeIfPresent(cluster, (name, row) -> row.quiet() ? null : new Row(row.length(), true, row.last()));
    }

    /** Its watch ends, or begins anew. */
    void forget(ClusterName cluster) {
        rows.remove(cluster);
    }

    /** What is told of a watch that is ended. */
    String why(ClusterName cluster) {
        Row row = rows.get(cluster);
        return row == null ? "its watch fails" : "its watch fails, " + row.length() + " times in a row: " + row.last();
    }
}
