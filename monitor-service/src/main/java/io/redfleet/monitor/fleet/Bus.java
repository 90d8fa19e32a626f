package io.redfleet.monitor.fleet;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Position;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the fleet says to the other services. Nothing here blocks. Records of one cluster keep their order. Positions come
 * back on the fleet's own thread; empty when the record was given up.
 */
public interface Bus {
    /** @param term in which it was found; {@link Term#NONE} for what befalls the watcher and no cluster */
    void tell(Fact fact, Term term, Consumer<Optional<Position>> acked);

    /** Never sent late: one that cannot go out now is dropped. */
    void ask(Remediation remediation);

    void write(ClusterHealth health, Consumer<Optional<Position>> acked);

    /** @param orders which it includes; comes back beside it */
    void write(FleetBrake brake, List<CommandId> orders, Consumer<Optional<Position>> acked);

    /** The cluster is gone for good. */
    void forget(ClusterName cluster);

    /** @param positions the records written on behalf of this order */
    void answer(Order order, Answer answer, List<Position> positions, Consumer<Optional<Position>> acked);
}
