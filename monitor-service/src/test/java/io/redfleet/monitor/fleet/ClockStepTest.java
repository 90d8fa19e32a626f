package io.redfleet.monitor.fleet;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.cluster.WatchMode;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.FleetEvent;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.health.Term;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.probe.Reply;
import io.redfleet.monitor.probe.Standing;
import io.redfleet.monitor.roster.Roster;
import io.redfleet.monitor.watch.Observation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody sets the wall clock while a monitor runs, between two of its probes; its ticks go on evenly. */
class ClockStepTest {
    private static final ClusterName ORDERS = new ClusterName("orders");
    private static final long STEPPED = 1_100;

    private final Recorded recorded = new Recorded();
    private final Fleet fleet =
            new Fleet(recorded, recorded, new FleetSettings("m1", Duration.ofSeconds(1)), Orders.FAULTLESS, at(0));

    @ParameterizedTest(name = "{0} ms")
    @ValueSource(longs = {-86_400_000, -3_600_000, -2_001, 2_001, 3_600_000, 86_400_000})
    void aStepEitherWayRaisesNothingByItselfAndWhatIsStillSoAfterwardsOnce(long step) {
        well();
        run(250, 1_000, 0);

        // Believed before the tick that notices: an answer that came is no matter of time.
        answer(Orders.R2, new Reply.Pong(), STEPPED, step);
        run(1_250, 2_000, step);
        assertThat(fleet.tilted()).isTrue();
        assertThat(recorded.fleetEvents().getLast())
                .isEqualTo(new FleetEvent.TiltEntered("the wall clock jumped by " + step + " ms"));
        answer(Orders.R1, new Reply.Refused(), 2_100, step);
        assertThat(downs()).isEmpty();
        assertThat(recorded.facts).noneMatch(fact -> fact.event() instanceof InstanceEvent.Hung);

        run(2_250, 31_250, step);
        assertThat(fleet.tilted()).isFalse();
        answer(Orders.R1, new Reply.Refused(), 31_300, step);
        answer(Orders.R1, new Reply.Refused(), 31_350, step);

        assertThat(downs()).hasSize(1);
        assertThat(downs().getFirst().at())
                .as("told by the clock as it is now")
                .isEqualTo(moment(31_300, step).wall());
        assertThat(recorded.fleetEvents().stream().filter(FleetEvent.TiltEntered.class::isInstance))
                .as("one step, one tilt")
                .hasSize(1);
    }

    @ParameterizedTest(name = "{0} ms")
    @ValueSource(longs = {-2_000, -500, 500, 2_000})
    void aStepOfTwoSecondsAtMostIsNothing(long step) {
        well();
        run(250, 1_000, 0);
        run(1_250, 2_000, step);

        assertThat(fleet.tilted()).isFalse();
        answer(Orders.R1, new Reply.Refused(), 2_100, step);
        assertThat(downs()).hasSize(1);
    }

    private List<Fact> downs() {
        return recorded.facts.stream()
                .filter(fact -> fact.event() instanceof InstanceEvent.Down)
                .toList();
    }

    private void run(long from, long to, long step) {
        for (long now = from; now <= to; now += Fleet.TICK.toMillis()) {
            fleet.tick(moment(now, step));
        }
    }

    private void answer(InstanceId id, Reply reply, long now, long step) {
        fleet.observe(ORDERS, new Observation.Answered(id, reply, null), moment(now, step));
    }

    private static Moment moment(long now, long step) {
        return new Moment(at(now).wall().plusMillis(step), at(now).ticks());
    }

    private void well() {
        ClusterState state = Orders.state(ORDERS.value(), Phase.READY, WatchMode.AUTO);
        fleet.watch(state, Past.none(new Term(1, "m1")), at(0));
        for (InstanceId id : Roster.of(state).members().keySet()) {
            fleet.observe(ORDERS, new Observation.Answered(id, new Reply.Pong(), Orders.run(id.name())), at(100));
        }
        fleet.observe(ORDERS, new Observation.Stood(Orders.R1, Standing.master(5, 2)), at(100));
        for (InstanceId replica : List.of(Orders.R2, Orders.R3)) {
            Standing follows = Standing.replica(Orders.address(1), "connected", 5);
            fleet.observe(ORDERS, new Observation.Stood(replica, follows), at(100));
        }
        for (int sentinel = 1; sentinel <= 3; sentinel++) {
            fleet.observe(ORDERS, new Observation.Viewed(Orders.view(sentinel, 1, 0, at(100))), at(100));
        }
        assertThat(fleet.watched(ORDERS)).get().matches(watch -> watch.well());
    }
}
