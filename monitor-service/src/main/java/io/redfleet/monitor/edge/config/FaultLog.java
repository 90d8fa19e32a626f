package io.redfleet.monitor.edge.config;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.monitor.fleet.Mishaps;

/** Counts every fault of a watch, and logs the first of a row. */
final class FaultLog implements Mishaps {
    private final MonitorLog log;
    private final Counter faults;

    FaultLog(MonitorLog log, MeterRegistry metrics) {
        this.log = log;
        this.faults = metrics.counter("redfleet_watch_faults");
    }

    @Override
    public void fault(ClusterName cluster, int inARow, RuntimeException fault) {
        faults.increment();
        if (inARow == 1) {
            log.faulty(cluster.value(), fault);
        }
    }
}
