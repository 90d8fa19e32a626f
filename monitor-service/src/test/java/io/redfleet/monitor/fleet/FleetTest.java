package io.redfleet.monitor.fleet;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.cluster.WatchMode;
import io.redfleet.contracts.event.About;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.FleetEvent;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.health.ReplicationRole;
import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Position;
import io.redfleet.contracts.wire.Request;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.probe.Reply;
import io.redfleet.monitor.probe.Standing;
import io.redfleet.monitor.roster.Roster;
import io.redfleet.monitor.watch.Observation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FleetTest {
    private static final Term TERM = new Term(1, "monitor-0");

    private final RecordingBus bus = new RecordingBus();
    private final OpenLines lines = new OpenLines();
    private final Fleet fleet =
            new Fleet(bus, lines, new FleetSettings("monitor-0", Duration.ofSeconds(10)), Orders.FAULTLESS, at(0));

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
        assertThat(bus.healths).as("before the events are acked only the claim").hasSize(1);

        bus.ackAll();
        fleet.tick(at(2_250));
        assertThat(bus.healths).hasSize(2);
        bus.acks = true;
        refused("orders", Orders.R2, 2_300);
        fleet.tick(at(2_500));
        assertThat(bus.healths).as("within the same second").hasSize(2);
        fleet.tick(at(3_250));
        assertThat(bus.healths).hasSize(3);
        assertThat(bus.healths.getLast().lastEvent()).isEqualTo(bus.last());
    }

    @Test
    void whoeverHasSleptIsInTiltBeforeItBelievesWhatItReads() {
        watchedAndWell("orders", 250);
        fleet.tick(at(250));

        refused("orders", Orders.R1, 30_000);

        assertThat(fleet.tilted()).isTrue();
        assertThat(bus.events()).noneMatch(InstanceEvent.Down.class::isInstance);
    }

    @Test
    void anothersLateWordIsFoldedInAndEndedByItsOpposite() {
        watchedAndWell("orders", 250);
        Fact late = down(2);

        fleet.heard(late, new Position("events", 0, 90), at(500));
        fleet.heard(late, new Position("events", 0, 91), at(510));
        fleet.observe(new ClusterName("orders"), new Observation.Answered(Orders.R2, new Reply.Pong(), null), at(600));

        assertThat(bus.facts.getLast().event()).isInstanceOf(InstanceEvent.Up.class);
        assertThat(bus.facts.getLast().id()).isEqualTo("orders-uid:r2/redis-server:3:instance.up");
    }

    @Test
    void aRepeatOfWhatWeToldOurselvesChangesNothing() {
        watchedAndWell("orders", 250);
        refused("orders", Orders.R2, 300);
        fleet.observe(new ClusterName("orders"), new Observation.Answered(Orders.R2, new Reply.Pong(), null), at(400));
        int told = bus.facts.size();

        fleet.heard(down(2), new Position("events", 0, 90), at(500));
        fleet.observe(new ClusterName("orders"), new Observation.Answered(Orders.R2, new Reply.Pong(), null), at(600));

        assertThat(bus.facts).hasSize(told);
    }

    @Test
    void aClusterIsClaimedAsSoonAsItIsOursAndAgainWhenItIsContested() {
        watchedAndWell("orders", 250);
        assertThat(bus.healths).isNotEmpty().allMatch(health -> health.term().equals(TERM));
        int before = bus.healths.size();

        Term raised = new Term(7, "monitor-0");
        fleet.contradicted(new ClusterName("orders"), raised, at(5_000));

        assertThat(bus.healths).hasSizeGreaterThan(before);
        assertThat(bus.healths.getLast().term()).isEqualTo(raised);
    }

    /** It may wait for hours behind another operation; until it has begun all that stands goes on standing. */
    @Test
    void aNewSpecThatWaitsEndsNobodysWatch() {
        fleet.watch(Orders.state("fresh", Phase.ACCEPTED, WatchMode.AUTO), Past.none(TERM), at(0));
        assertThat(lines.open).as("there is nothing to look at yet").isEmpty();

        watchedAndWell("orders", 250);
        fleet.watch(Orders.state("orders", Phase.ACCEPTED, WatchMode.AUTO), Past.none(TERM), at(500));
        assertThat(lines.open).containsExactly("orders");

        fleet.watch(Orders.state("orders", Phase.REMOVING, WatchMode.AUTO), Past.none(TERM), at(600));
        assertThat(lines.open).isEmpty();
    }

    @Test
    void anOrdersHealthComesAfterWhatItTellsAndBeforeItsAnswer() {
        watchedAndWell("orders", 250);
        bus.acks = false;
        int before = bus.healths.size();
        Order order = new Order(
                new CommandId("cmd-1"),
                new ClusterName("orders"),
                new Actor("ann", "t1"),
                at(500).wall(),
                at(60_000).wall(),
                new Request.Unmonitor(Orders.R2));
        new OrderDesk(fleet).take(order, () -> {}, at(500));
        assertThat(bus.events()).contains(new WatchEvent.MonitoringStopped(false));
        assertThat(bus.healths).as("its event is not on the bus yet").hasSize(before);

        bus.ackAll();
        assertThat(bus.healths).hasSize(before + 1);
        assertThat(bus.healths.getLast().lastEvent()).isEqualTo(bus.last());
    }

    private static Fact down(long number) {
        String id = "orders-uid:r2/redis-server:" + number + ":instance.down";
        var about = new About(
                new ClusterName("orders"), new ClusterUid("orders-uid"), Orders.R2, "refuses connections", "", null);
        return new Fact(
                id,
                at(450).wall(),
                about,
                new InstanceEvent.Down(Liveness.DOWN, ReplicationRole.REPLICA, Orders.R2.name()));
    }

    /** Cycles come every five seconds; whoever has said monitor does not wait for one. */
    @ParameterizedTest
    @ValueSource(longs = {15_000, 16_000, 17_000, 18_000, 19_000})
    void afterMonitorTheNextCycleComesAtOnce(long said) {
        watchedAndWell("orders", 250);
        for (long now = 250; now <= said; now += 250) {
            fleet.tick(at(now));
        }
        Order order = new Order(
                new CommandId("cmd-1"),
                new ClusterName("orders"),
                new Actor("ann", "t1"),
                at(said).wall(),
                at(said + 60_000).wall(),
                new Request.Monitor(null));
        new OrderDesk(fleet).take(order, () -> {}, at(said));
        refused("orders", Orders.R2, said + 100);
        for (long now = said + 250; now <= said + 2_250; now += 250) {
            fleet.tick(at(now));
        }
        assertThat(bus.events()).anyMatch(WatchEvent.CheckFailed.class::isInstance);
    }

    private void watchedAndWell(String name, long millis) {
        ClusterState state = Orders.state(name, Phase.READY, WatchMode.AUTO);
        ClusterName cluster = state.name();
        fleet.watch(state, Past.none(TERM), at(0));
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
        public void tell(Fact fact, Term term, Consumer<Optional<Position>> acked) {
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
        public void write(FleetBrake brake, List<CommandId> orders, Consumer<Optional<Position>> acked) {}

        @Override
        public void forget(ClusterName cluster) {}

        @Override
        public void answer(Order order, Answer answer, List<Position> positions, Consumer<Optional<Position>> acked) {}
    }

    /** See nothing, and know whose they are. */
    private static final class OpenLines implements Lines {
        final Set<String> open = new LinkedHashSet<>();

        @Override
        public void open(Roster roster) {
            open.add(roster.cluster().value());
        }

        @Override
        public void close(ClusterName cluster) {
            open.remove(cluster.value());
        }

        @Override
        public void pace(ClusterName cluster, boolean brisk) {}

        @Override
        public void info(Roster roster, String section, Consumer<Map<InstanceId, Map<String, String>>> answered) {}
    }
}
