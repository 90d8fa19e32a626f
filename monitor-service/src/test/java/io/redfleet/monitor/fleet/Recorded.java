package io.redfleet.monitor.fleet;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.FleetEvent;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Position;
import io.redfleet.monitor.roster.Roster;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A bus that takes everything, and lines that see nothing. */
final class Recorded implements Bus, Lines {
    final List<Fact> facts = new ArrayList<>();
    final List<FleetBrake> brakes = new ArrayList<>();
    final List<Remediation> asks = new ArrayList<>();
    final List<ClusterHealth> healths = new ArrayList<>();
    final List<Answer> answers = new ArrayList<>();
    final List<List<CommandId>> included = new ArrayList<>(); // beside each of the brakes
    boolean refuses; // health, as a bus that is away
    boolean refusesBrakes;
    boolean refusesOutcomes;
    boolean keepsFacts; // in the outbox: said, and not on the bus

    List<Event> fleetEvents() {
        return facts.stream()
                .map(Fact::event)
                .filter(FleetEvent.class::isInstance)
                .toList();
    }

    @Override
    public void tell(Fact fact, Term term, Consumer<Optional<Position>> acked) {
        facts.add(fact);
        if (!keepsFacts) {
            acked.accept(Optional.of(new Position("redfleet.events.v1", 0, facts.size())));
        }
    }

    @Override
    public void ask(Remediation remediation) {
        asks.add(remediation);
    }

    @Override
    public void write(ClusterHealth health, Consumer<Optional<Position>> acked) {
        healths.add(health);
        acked.accept(refuses ? Optional.empty() : Optional.of(new Position("redfleet.health.v1", 0, healths.size())));
    }

    @Override
    public void write(FleetBrake brake, List<CommandId> orders, Consumer<Optional<Position>> acked) {
        brakes.add(brake);
        included.add(orders);
        acked.accept(
                refusesBrakes ? Optional.empty() : Optional.of(new Position("redfleet.health.v1", 1, brakes.size())));
    }

    @Override
    public void forget(ClusterName cluster) {}

    @Override
    public void answer(Order order, Answer answer, List<Position> positions, Consumer<Optional<Position>> acked) {
        answers.add(answer);
        acked.accept(
                refusesOutcomes
                        ? Optional.empty()
                        : Optional.of(new Position("redfleet.outcomes.v1", 0, answers.size())));
    }

    @Override
    public void open(Roster roster) {}

    @Override
    public void close(ClusterName cluster) {}

    @Override
    public void pace(ClusterName cluster, boolean brisk) {}

    @Override
    public void info(Roster roster, String section, Consumer<Map<InstanceId, Map<String, String>>> figures) {
        figures.accept(Map.of());
    }
}
