package io.redfleet.monitor.fleet;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.event.FleetEvent;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Position;
import io.redfleet.contracts.wire.ServiceName;
import io.redfleet.monitor.Orders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of the brake's record while the bus is away, and when two monitors set it. */
class BrakeTest {
    private static final Actor ANN = new Actor("ann", "t1");
    private static final Actor SELF = Actor.self(ServiceName.MONITOR);
    private static final CommandId X = new CommandId("x");

    private final Recorded bus = new Recorded();
    private final Fleet fleet =
            new Fleet(bus, bus, new FleetSettings("m1", Duration.ofSeconds(10)), Orders.FAULTLESS, at(0));
    private final Brake brake = fleet.brake();

    @BeforeEach
    void nothingElseStands() {
        brake.caughtUp();
    }

    @Test
    void whatIsDisarmedWhileTheBusIsAwayIsWrittenUntilItIsThereAndHoldsMeanwhile() {
        bus.refusesBrakes = true;
        brake.trip("four clusters went bad", at(0));
        run(250, 60_000);
        assertThat(brake.disarmed()).isTrue();
        assertThat(bus.brakes).as("at the pace of one a second").hasSizeBetween(50, 61);

        bus.refusesBrakes = false;
        run(60_250, 61_500);
        int tries = bus.brakes.size();
        run(61_750, 90_000);

        assertThat(bus.brakes).as("it is there").hasSize(tries);
        assertThat(bus.brakes)
                .allMatch(FleetBrake::disarmed)
                .extracting(FleetBrake::count)
                .containsOnly(1L);
        assertThat(bus.fleetEvents().stream().filter(FleetEvent.Disarmed.class::isInstance))
                .as("told once")
                .hasSize(1);
    }

    @Test
    void ofWhatCouldNotBeWrittenTheNewestIsAndEveryOrderIsAnsweredByIt() {
        bus.refusesBrakes = true;
        List<FleetBrake> written = new ArrayList<>();
        brake.set(wish(true, X), at(0), (record, position) -> written.add(record));
        brake.set(wish(false, new CommandId("y")), at(10), (record, position) -> written.add(record));
        run(250, 5_000);
        assertThat(written).isEmpty();

        bus.refusesBrakes = false;
        run(5_250, 8_000);

        assertThat(written).hasSize(2).allMatch(record -> record.count() == 2 && !record.disarmed());
        assertThat(bus.brakes.getLast().count()).isEqualTo(2);
        assertThat(bus.included.getLast()).containsExactly(X, new CommandId("y"));
    }

    @Test
    void whatWasThereThoughNobodySaidSoIsNotWrittenAgain() {
        bus.refusesBrakes = true;
        List<Position> written = new ArrayList<>();
        brake.set(wish(true, X), at(0), (record, position) -> position.ifPresent(written::add));

        brake.read(bus.brakes.getLast(), List.of(X), place(7));
        run(250, 5_000);

        assertThat(written).containsExactly(place(7));
        assertThat(bus.brakes).hasSize(1);
    }

    @Test
    void aRecordThatCannotBeReadHoldsUntilOneThatCanOrAnOrderAndIsNotCountedAgain() {
        brake.read(record(4, false, ANN), List.of(), place(3));

        brake.unread("schema 2", place(7));

        assertThat(brake.disarmed()).isTrue();
        assertThat(brake.reason()).isEqualTo("the fleet's brake cannot be read: schema 2");
        assertThat(bus.brakes).as("nothing is written over it").isEmpty();
        brake.read(record(5, false, ANN), List.of(), place(8));
        assertThat(brake.disarmed()).isFalse();

        brake.unread("schema 2", place(9));
        brake.set(wish(false, X), at(0), (record, position) -> {});
        assertThat(brake.disarmed()).isFalse();
        assertThat(bus.brakes).extracting(FleetBrake::count).containsExactly(10L);
    }

    @Test
    void anOrderThatIsReadAgainIsAnsweredByWhatStands() {
        brake.read(record(3, false, ANN), List.of(X), place(5));
        List<FleetBrake> answered = new ArrayList<>();

        brake.set(wish(true, X), at(0), (record, position) -> answered.add(record));

        assertThat(brake.includes(X)).isTrue();
        assertThat(answered).containsExactly(record(3, false, ANN));
        assertThat(bus.brakes).isEmpty();
        assertThat(bus.fleetEvents()).isEmpty();
    }

    /** Ours is 5; the other monitor's record comes by afterwards. */
    @ParameterizedTest(
            name =
                    "ours disarmed {0}, comes back {1}; theirs {2}, disarmed {3}: stands disarmed {4}, written again {5}")
    @CsvSource({
        "true,  true,  6, false, false, false", // a person has rearmed it
        "false, true,  6, true,  true,  false",
        "true,  true,  5, false, true,  true", // at once: what is safe
        "false, true,  5, true,  true,  false",
        "true,  true,  4, false, true,  true", // by somebody who had not read ours, and it lies over ours
        "false, true,  4, true,  false, true",
        "true,  false, 4, false, true,  false", // ours is still to come, and will lie over it
    })
    void theHigherCountStandsAndLiesLast(
            boolean ours, boolean back, long theirs, boolean disarmed, boolean stands, boolean again) {
        brake.read(record(4, !ours, ANN), List.of(), place(0));
        brake.set(wish(ours, null), at(0), (record, position) -> {});
        if (back) {
            brake.read(bus.brakes.getLast(), List.of(), place(1));
        }
        assertThat(bus.brakes).hasSize(1);

        brake.read(record(theirs, disarmed, new Actor("bob", "t2")), List.of(), place(2));
        run(2_000, 4_000);

        assertThat(brake.disarmed()).isEqualTo(stands);
        assertThat(bus.brakes).hasSize(again ? 2 : 1);
        assertThat(bus.brakes.getLast().count()).isEqualTo(5);
    }

    @Test
    void whatIsReadBeforeAllIsReadIsNotContradicted() {
        Recorded other = new Recorded();
        Brake young = new Brake(other);
        young.read(record(7, true, SELF), List.of(), place(0));
        young.read(record(6, false, ANN), List.of(), place(1));
        young.tick(at(5_000));
        assertThat(other.brakes).isEmpty();

        young.caughtUp();
        young.tick(at(6_000));

        assertThat(other.brakes).extracting(FleetBrake::count).containsExactly(7L);
    }

    private void run(long from, long to) {
        for (long millis = from; millis <= to; millis += 250) {
            fleet.tick(at(millis));
        }
    }

    private static Brake.Wish wish(boolean disarm, @Nullable CommandId order) {
        return new Brake.Wish(disarm, "a drill", ANN, order);
    }

    private static FleetBrake record(long count, boolean disarmed, Actor actor) {
        return new FleetBrake(FleetBrake.SCHEMA, disarmed, "a drill", actor, at(0).wall(), count);
    }

    private static Position place(long offset) {
        return new Position("redfleet.health.v1", 1, offset);
    }
}
