package io.redfleet.monitor.fleet;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.monitor.roster.Roster;
import java.util.Map;
import java.util.function.Consumer;

/** The connections to the instances. What comes over them reaches the fleet as observations, on its own thread. */
public interface Lines {
    /** Opens what is missing and closes what is no longer on the roster. */
    void open(Roster roster);

    void close(ClusterName cluster);

    /** @param brisk five times as often, while a master is being changed */
    void pace(ClusterName cluster, boolean brisk);

    /** Asks every instance for a section of INFO; answers once, within 3 s. */
    void info(Roster roster, String section, Consumer<Map<InstanceId, Map<String, String>>> answered);
}
