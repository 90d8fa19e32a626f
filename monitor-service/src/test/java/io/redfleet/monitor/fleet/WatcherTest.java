package io.redfleet.monitor.fleet;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.event.FleetEvent;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Position;
import io.redfleet.contracts.wire.Request;
import io.redfleet.monitor.Orders;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a watcher does for the whole fleet: its own time, the brake, orders. */
class WatcherTest {
    private static final Actor SOMEBODY = new Actor("test", "t1");

    private final Recorded recorded = new Recorded();
    private final Fleet fleet =
            new Fleet(recorded, recorded, new FleetSettings("m1", Duration.ofSeconds(10)), Orders.FAULTLESS, at(0));

    @Test
    void theTiltOfARunThatEndedWithinItIsToldToBeOverOnce() {
        tick(0, 9_750);
        assertThat(recorded.fleetEvents()).isEmpty();

        tick(10_000, 60_000);

        assertThat(recorded.fleetEvents()).containsExactly(new FleetEvent.TiltLeft(0));
    }

    @Test
    void aTiltRightAfterTheStartEndsOnlyOnce() {
        tick(0, 5_000);
        tick(9_000, 60_000);

        assertThat(recorded.fleetEvents()).hasSize(2).last().isEqualTo(new FleetEvent.TiltLeft(30_000));
    }

    @Test
    void theBrakeGoesOnCountingFromTheRecordThatStands() {
        fleet.brake().set(wish(true), at(0), (record, position) -> {});
        assertThat(recorded.brakes).as("before it is known what stands").isEmpty();
        assertThat(fleet.brake().reason()).isNotEmpty();

        FleetBrake stands = new FleetBrake(FleetBrake.SCHEMA, false, "over", SOMEBODY, at(0).wall(), 7);
        fleet.brake().read(stands, List.of(), new Position("redfleet.health.v1", 1, 0));
        fleet.brake().caughtUp();

        assertThat(recorded.brakes).extracting(FleetBrake::count).containsExactly(8L);
        fleet.brake().set(wish(false), at(1), (record, position) -> {});
        assertThat(recorded.brakes).extracting(FleetBrake::count).containsExactly(8L, 9L);
        assertThat(fleet.brake().reason()).isEmpty();
    }

    private static Brake.Wish wish(boolean disarm) {
        return new Brake.Wish(disarm, "a drill", SOMEBODY, null);
    }

    @Test
    void aCommandThatComesTwiceIsCarriedOutOnceAndAnsweredTwiceAlike() {
        fleet.brake().caughtUp();
        OrderDesk desk = new OrderDesk(fleet);
        Order disarm = new Order(
                new CommandId("c1"),
                ClusterName.FLEET,
                SOMEBODY,
                at(0).wall(),
                at(60_000).wall(),
                new Request.Disarm("a drill"));

        desk.take(disarm, () -> {}, at(1_000));
        desk.take(disarm, () -> {}, at(70_000));

        assertThat(recorded.brakes).hasSize(1);
        assertThat(recorded.answers).hasSize(2);
        assertThat(recorded.answers.getLast()).isEqualTo(recorded.answers.getFirst());
        assertThat(recorded.answers.getFirst()).isInstanceOf(Answer.Brake.class);
    }

    @Test
    void aRefusalIsRepeatedToo() {
        OrderDesk desk = new OrderDesk(fleet);
        Order order = new Order(
                new CommandId("c2"),
                Orders.state().name(),
                SOMEBODY,
                at(0).wall(),
                at(60_000).wall(),
                new Request.Monitor(null));

        desk.take(order, () -> {}, at(1_000));
        desk.take(order, () -> {}, at(2_000));

        assertThat(recorded.answers).hasSize(2);
        assertThat(List.copyOf(recorded.answers)).allMatch(Answer.Refused.class::isInstance);
    }

    private void tick(long from, long to) {
        for (long millis = from; millis <= to; millis += 250) {
            fleet.tick(at(millis));
        }
    }
}
