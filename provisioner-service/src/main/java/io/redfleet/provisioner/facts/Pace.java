package io.redfleet.provisioner.facts;

import io.redfleet.contracts.cluster.WatchSpec;
import io.redfleet.monitrc.Monitrc;
import io.redfleet.monitrc.Test;
import java.time.Duration;

/** How often facts that say nothing new are written: once for each cycle where a cluster's rules are about figures. */
final class Pace {
    private Pace() {}

    /**
     * @param period how often a host says how it is
     * @param usual for a cluster without such rules
     */
    static Duration of(WatchSpec watch, Duration period, Duration usual) {
        boolean figures = Monitrc.read(watch.rules()).file().checks().stream()
                .flatMap(check -> check.rules().stream())
                .anyMatch(rule -> rule.test() instanceof Test.Resource);
        // A period early: what comes a moment late would have to wait for the next one.
        Duration cycle = watch.cycle().minus(period);
        if (!figures || cycle.compareTo(usual) > 0) {
            return usual;
        }
        return cycle.compareTo(period) < 0 ? period : cycle;
    }
}
