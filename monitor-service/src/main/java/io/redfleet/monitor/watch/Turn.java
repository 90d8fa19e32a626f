package io.redfleet.monitor.watch;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.monitor.remedy.Brakes;
import java.util.List;

/**
 * What an observation made of a cluster's watch: the next state, what is to be told, what is to be asked for.
 *
 * @param tried whose restart, asked for earlier, has now been tried
 */
public record Turn(ClusterWatch next, List<Fact> facts, List<Remediation> asks, List<InstanceId> tried) {
    public Turn {
        tried = List.copyOf(tried);
        facts = List.copyOf(facts);
        asks = List.copyOf(asks);
    }

    /** The turn of a cycle, which may also have used up some of what may happen at once. */
    public record OfCycle(Turn turn, Brakes brakes) {}
}
