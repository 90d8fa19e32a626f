package io.redfleet.monitor.fleet;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.cluster.WatchMode;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.FleetEvent;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Position;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.probe.Reply;
import io.redfleet.monitor.probe.Standing;
import io.redfleet.monitor.roster.Roster;
import io.redfleet.monitor.watch.Observation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class FleetTest {
    private final RecordingBus bus = new RecordingBus();
    private final Fleet fleet =
            new Fleet(bus, new NoLines(), new FleetSettings("monitor-0", Duration.ofSeconds(10)), at(0));

    @Test
    void fourClustersThatGoBadWithinAMinuteDisarmTheFleet() {
        fleet.brake().caughtUp();
        for (int i = 1; i <= 4; i++) {
            watchedAndWell("c" + i, 250);
        }
        for (int i = 1; i <= 3; i++) {
            refused("c" + i, Orders.R2, 300);
        }
        assertThat(fleet.brake().disarmed()).isFalse();

        refused("c4", Orders.R2, 400);

        assertThat(fleet.brake().disarmed()).isTrue();
        assertThat(bus.events()).contains(new FleetEvent.Disarmed(true));
    }

    @Test
    void inTiltNothingIsRaisedAndWhatIsStillSoIsRaisedAfterIt() {
        watchedAndWell("orders", 250);
        fleet.tick(at(250));
        fleet.tick(at(5_000));
        assertThat(fleet.tilted()).isTrue();

        refused("orders", Orders.R1, 5_100);
        assertThat(bus.events()).noneMatch(InstanceEvent.Down.class::isInstance);

        for (long now = 5_250; now <= 35_250; now += 250) {
            fleet.tick(at(now));
        }
        assertThat(fleet.tilted()).isFalse();
        refused("orders", Orders.R1, 35_300);
        assertThat(bus.events())
                .filteredOn(InstanceEvent.Down.class::isInstance)
                .hasSize(1);
    }

    @Test
    void healthFollowsItsEventsAndComesAtMostOnceASecond() {
        bus.acks = false;
        watchedAndWell("orders", 250);
        fleet.tick(at(2_000));
        assertThat(bus.healths).as("before the events are acked").isEmpty();

        bus.ackAll();
        fleet.tick(at(2_250));
        assertThat(bus.healths).hasSize(1);
        bus.acks = true;
        refused("orders", Orders.R2, 2_300);
        fleet.tick(at(2_500));
        assertThat(bus.healths).as("within the same second").hasSize(1);
        fleet.tick(at(3_250));
        assertThat(bus.healths).hasSize(2);
        assertThat(bus.healths.getLast().lastEvent()).isEqualTo(bus.last());
    }

    private void watchedAndWell(String name, long millis) {
        ClusterState state = Orders.state(name, Phase.READY, WatchMode.AUTO);
        ClusterName cluster = state.name();
        fleet.watch(state, null, List.of(), at(0));
        for (InstanceId id : Roster.of(state).members().keySet()) {
            fleet.observe(cluster, new Observation.Answered(id, new Reply.Pong(), Orders.run(id.name())), at(millis));
        }
        fleet.observe(cluster, new Observation.Stood(Orders.R1, Standing.master(5, 2)), at(millis));
        for (InstanceId replica : List.of(Orders.R2, Orders.R3)) {
            Standing follows = Standing.replica(Orders.address(1), "connected", 5);
            fleet.observe(cluster, new Observation.Stood(replica, follows), at(millis));
        }
        for (int sentinel = 1; sentinel <= 3; sentinel++) {
            fleet.observe(cluster, new Observation.Viewed(Orders.view(sentinel, 1, 0, at(millis))), at(millis));
        }
        assertThat(fleet.watched(cluster)).get().matches(watch -> watch.well());
    }

    private void refused(String name, InstanceId id, long millis) {
        fleet.observe(new ClusterName(name), new Observation.Answered(id, new Reply.Refused(), null), at(millis));
    }

    /** Keeps what was said; acknowledges at once, or when it is told to. */
    private static final class RecordingBus implements Bus {
        final List<Fact> facts = new ArrayList<>();
        final List<ClusterHealth> healths = new ArrayList<>();
        private final List<Runnable> unacked = new ArrayList<>();
        private long offset;
        boolean acks = true;

        List<Event> events() {
            return facts.stream().map(Fact::event).toList();
        }

        Position last() {
            return new Position("events", 0, offset);
        }

        void ackAll() {
            unacked.forEach(Runnable::run);
            unacked.clear();
        }

        @Override
        public void tell(Fact fact, Consumer<Optional<Position>> acked) {
            facts.add(fact);
            Position position = new Position("events", 0, ++offset);
            if (acks) {
                acked.accept(Optional.of(position));
            } else {
                unacked.add(() -> acked.accept(Optional.of(position)));
            }
        }

        @Override
        public void ask(Remediation remediation) {}

        @Override
        public void write(ClusterHealth health, Consumer<Optional<Position>> acked) {
            healths.add(health);
        }

        @Override
        public void write(FleetBrake brake, Consumer<Optional<Position>> acked) {}

        @Override
        public void forget(ClusterName cluster) {}

        @Override
        public void answer(Order order, Answer answer, List<Position> positions) {}
    }

    private static final class NoLines implements Lines {
        @Override
        public void open(Roster roster) {}

        @Override
        public void close(ClusterName cluster) {}

        @Override
        public void pace(ClusterName cluster, boolean brisk) {}

        @Override
        public void info(Roster roster, String section, Consumer<Map<InstanceId, Map<String, String>>> answered) {}
    }
}
