package io.redfleet.monitor.fleet;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.health.Term;
import io.redfleet.monitor.clock.Moment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The clusters that are watched, each kept from the faults of the others: a bug that comes out while one of them is judged costs
 * that step of that cluster. A watch that fails again and again is blind, and is parked. Owned by the fleet's thread.
 */
final class Cells {
    private final Bus bus;
    private final Lines lines;
    private final Parking parking;
    private final Faults faults;
    private final Map<ClusterName, Cell> cells = new LinkedHashMap<>();

    Cells(Bus bus, Lines lines, Parking parking, Mishaps mishaps) {
        this.bus = bus;
        this.lines = lines;
        this.parking = parking;
        this.faults = new Faults(mishaps);
    }

    @Nullable
    Cell get(ClusterName cluster) {
        return cells.get(cluster);
    }

    int size() {
        return cells.size();
    }

    List<Cell> all() {
        return List.copyOf(cells.values());
    }

    /** Begun: whatever was known under this name before is over. */
    void put(ClusterName cluster, Cell cell) {
        Cell before = cells.put(cluster, cell);
        if (before != null) {
            before.ends();
        }
        parking.forget(cluster);
    }

    void released(ClusterName cluster) {
        cells.remove(cluster);
        parking.forget(cluster);
        faults.forget(cluster);
        lines.close(cluster);
    }

    void park(ClusterName cluster, Unread record, Past past, Moment now) {
        Cell cell = cells.get(cluster);
        Past left = cell == null ? past : cell.past(bus, now);
        cells.remove(cluster);
        lines.close(cluster);
        parking.park(cluster, record, left, cell, now);
    }

    void each(Moment now, Consumer<Cell> step) {
        all().forEach(cell -> guarded(cell, now, () -> step.accept(cell)));
    }

    void guarded(Cell cell, Moment now, Runnable step) {
        failsAt(cell.watch.roster().cluster(), now, step);
    }

    /** Whether the cluster's watch has failed at this step; the others do not hear of it. */
    boolean failsAt(ClusterName cluster, Moment now, Runnable step) {
        try {
            step.run();
            return false;
        } catch (RuntimeException e) {
            Cell cell = cells.get(cluster);
            if (faults.thrown(cluster, e) && cell != null) {
                parkFaulty(cluster, cell.watch.roster().uid(), Past.none(Term.NONE), now);
            }
            return true;
        }
    }

    /** A watch that cannot begin under a new state is parked at once: there is no second try before the next one. */
    void begin(ClusterName cluster, ClusterUid uid, Past past, Moment now, Runnable step) {
        faults.forget(cluster);
        try {
            step.run();
        } catch (RuntimeException e) {
            faults.thrown(cluster, e);
            parkFaulty(cluster, uid, past, now);
        }
    }

    /** A cycle of the cluster was judged to its end. */
    void judged(ClusterName cluster) {
        faults.judged(cluster);
    }

    private void parkFaulty(ClusterName cluster, ClusterUid uid, Past past, Moment now) {
        Cell cell = cells.get(cluster);
        if (cell != null && !cell.watch.roster().uid().equals(uid)) {
            cell.ends();
            cells.remove(cluster);
        }
        try {
            park(cluster, Unread.fault(uid, faults.why(cluster)), past, now);
            faults.forget(cluster);
        } catch (RuntimeException e) {
            // Its record cannot be made: nothing may be written over the last one, from which another goes on.
            faults.thrown(cluster, e);
        }
    }
}
