package io.redfleet.monitor.fleet;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Position;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.monitor.Orders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An order is done once its outcome is on the bus, and one that is read twice has the effect of one. */
class OrderDeskTest {
    private static final ClusterName ORDERS = new ClusterName("orders");
    private static final Term FIRST = new Term(1, "m1");
    private static final Term SECOND = new Term(2, "m2");

    private final Owner owner = new Owner();
    private final List<CommandId> done = new ArrayList<>();

    /** One process: its fleet, its desk, and what it has said. */
    private static final class Owner {
        final Recorded bus = new Recorded();
        final Fleet fleet =
                new Fleet(bus, bus, new FleetSettings("m1", Duration.ofSeconds(10)), Orders.FAULTLESS, at(0));
        final OrderDesk desk = new OrderDesk(fleet);

        Owner() {
            fleet.brake().caughtUp();
        }

        void run(long from, long to) {
            for (long millis = from; millis <= to; millis += 250) {
                fleet.tick(at(millis));
                desk.tick(at(millis));
            }
        }

        List<Fact> started() {
            return bus.facts.stream()
                    .filter(fact -> fact.event() instanceof WatchEvent.MonitoringStarted)
                    .toList();
        }
    }

    @Test
    void anOrderIsDoneOnceItsOutcomeIsOnTheBus() {
        owner.bus.refusesOutcomes = true;
        take(owner, order("x", ClusterName.FLEET, new Request.Disarm("a drill")), 0);
        owner.run(250, 10_000);
        assertThat(done).isEmpty();
        assertThat(owner.bus.answers).as("once a second at most").hasSizeBetween(4, 11);

        owner.bus.refusesOutcomes = false;
        owner.run(10_250, 20_000);

        assertThat(done).containsExactly(new CommandId("x"));
        assertThat(owner.bus.answers.stream().distinct()).hasSize(1);
        assertThat(owner.bus.brakes).as("carried out once").hasSize(1);
    }

    @Test
    void anOrderIsNotAnsweredBeforeItsHealthIsOnTheBus() {
        owner.fleet.watch(Orders.state(), Past.none(FIRST), at(0));
        owner.bus.refuses = true;
        take(owner, order("x", ORDERS, new Request.Unmonitor(Orders.R2)), 100);
        owner.run(250, 5_000);
        assertThat(owner.bus.answers).isEmpty();

        owner.bus.refuses = false;
        owner.run(5_250, 8_000);

        assertThat(owner.bus.answers).containsExactly(new Answer.Done());
        assertThat(done).containsExactly(new CommandId("x"));
    }

    /** How far the first owner has brought an order when it dies. */
    enum Death {
        BEFORE_ITS_EVENTS,
        AFTER_ONE_EVENT,
        AFTER_ITS_EVENTS,
        AFTER_HEALTH,
        /** And only its offset was not committed. */
        AFTER_ITS_OUTCOME
    }

    @ParameterizedTest
    @EnumSource
    void theNextOwnerAnswersItAndAllTogetherHaveDoneItOnce(Death death) {
        Order order = order("x", ORDERS, new Request.Monitor(null));
        owner.fleet.watch(Orders.state(), Past.none(FIRST), at(0));
        owner.bus.keepsFacts = death.compareTo(Death.AFTER_HEALTH) < 0;
        owner.bus.refusesOutcomes = death != Death.AFTER_ITS_OUTCOME;
        take(owner, order, 100);
        assertThat(done).hasSize(death == Death.AFTER_ITS_OUTCOME ? 1 : 0);
        done.clear();
        List<Fact> told = owner.started();
        List<Fact> left = switch (death) {
            case BEFORE_ITS_EVENTS -> List.of();
            case AFTER_ONE_EVENT -> told.subList(0, 1);
            case AFTER_ITS_EVENTS, AFTER_HEALTH, AFTER_ITS_OUTCOME -> told;
        };
        boolean included = death.compareTo(Death.AFTER_HEALTH) >= 0;
        Position newest = new Position("redfleet.events.v1", 0, left.size());

        Owner next = new Owner();
        Past past = new Past(owner.bus.healths.getLast(), included ? List.of() : left, newest, SECOND);
        next.fleet.watch(Orders.state(), past, at(7_000));
        take(next, order, 7_100);

        assertThat(next.bus.answers).containsExactly(new Answer.Done());
        assertThat(done).containsExactly(order.id());
        List<Fact> all = Stream.concat(left.stream(), next.started().stream()).toList();
        assertThat(all)
                .extracting(fact -> fact.about().instance())
                .as("each instance is told once")
                .containsExactlyInAnyOrderElementsOf(
                        told.stream().map(fact -> fact.about().instance()).toList());
        assertThat(all).extracting(fact -> fact.id()).doesNotHaveDuplicates();
        assertThat(all).allMatch(fact -> fact.about().correlation().equals("x"));
    }

    @Test
    void whatWasCarriedOutIsNotTooLateWhenItIsReadAgain() {
        Order order = order("x", ORDERS, new Request.Unmonitor(Orders.R2));
        owner.fleet.watch(Orders.state(), Past.none(FIRST), at(0));
        owner.bus.refusesOutcomes = true;
        take(owner, order, 100);

        Owner next = new Owner();
        next.fleet.watch(Orders.state(), new Past(owner.bus.healths.getLast(), List.of(), null, SECOND), at(90_000));
        take(next, order, 90_100);
        take(next, order("y", ORDERS, new Request.Unmonitor(Orders.R3)), 90_200);

        assertThat(next.bus.answers.getFirst()).isEqualTo(new Answer.Done());
        assertThat(next.bus.answers.getLast())
                .isInstanceOfSatisfying(
                        Answer.Refused.class,
                        refused -> assertThat(refused.problem().status()).isEqualTo(504));
        assertThat(done).hasSize(2);
    }

    @Test
    void aRearmingThatIsReadAgainDoesNotUndoTheDisarmingThatCameAfterIt() {
        Order rearm = order("x", ClusterName.FLEET, new Request.Rearm("over"));
        take(owner, rearm, 0);
        owner.fleet.brake().trip("four clusters went bad", at(2_000));

        Owner next = new Owner();
        FleetBrake stands = owner.bus.brakes.getLast();
        next.fleet.brake().read(stands, owner.bus.included.getLast(), new Position("redfleet.health.v1", 1, 9));
        take(next, rearm, 4_000);

        assertThat(next.fleet.brake().disarmed()).isTrue();
        assertThat(next.bus.brakes).isEmpty();
        assertThat(next.bus.answers).containsExactly(new Answer.Brake(stands));
        assertThat(done).hasSize(2);
    }

    @Test
    void whatIsReleasedIsLeftToTheNextOwnerWhoMayBeOurselves() {
        Order order = order("x", ORDERS, new Request.Unmonitor(Orders.R2));
        owner.fleet.watch(Orders.state(), Past.none(FIRST), at(0));
        owner.bus.keepsFacts = true;
        take(owner, order, 100);
        owner.desk.released(ORDERS::equals);
        owner.fleet.released(ORDERS);
        owner.run(250, 5_000);
        assertThat(done).isEmpty();
        assertThat(owner.bus.answers).isEmpty();

        owner.bus.keepsFacts = false;
        owner.fleet.watch(Orders.state(), Past.none(SECOND), at(5_100));
        take(owner, order, 5_200);

        assertThat(owner.bus.answers).containsExactly(new Answer.Done());
        assertThat(done).containsExactly(order.id());
    }

    @Test
    void anOrderOfAClusterThatIsGoneIsRefused() {
        owner.fleet.watch(Orders.state(), Past.none(FIRST), at(0));
        owner.bus.keepsFacts = true;
        take(owner, order("x", ORDERS, new Request.Unmonitor(null)), 100);

        owner.fleet.removed(ORDERS);

        assertThat(owner.bus.answers).singleElement().isInstanceOf(Answer.Refused.class);
        assertThat(done).containsExactly(new CommandId("x"));
    }

    @Test
    void aStuckOutcomeHoldsUpNobodyAndIsGivenUpAfterADay() {
        owner.bus.refusesOutcomes = true;
        take(owner, order("stuck", ClusterName.FLEET, new Request.Disarm("a drill")), 0);
        owner.bus.refusesOutcomes = false;
        take(owner, order("next", ClusterName.FLEET, new Request.Rearm("over")), 10);
        assertThat(done).containsExactly(new CommandId("next"));

        owner.bus.refusesOutcomes = true;
        owner.desk.tick(at(1_000));
        owner.desk.tick(at(OrderDesk.KEPT.toMillis() - 1));
        assertThat(done).hasSize(1);
        owner.desk.tick(at(OrderDesk.KEPT.toMillis()));
        assertThat(done).containsExactly(new CommandId("next"), new CommandId("stuck"));
    }

    @Test
    void moreThanMayBeOpenAreRefusedAndDone() {
        owner.bus.refusesBrakes = true;
        for (int i = 0; i < OrderDesk.OPEN_MAX; i++) {
            take(owner, order("c" + i, ClusterName.FLEET, new Request.Disarm("a drill")), 0);
        }
        assertThat(owner.bus.answers).isEmpty();

        take(owner, order("more", ClusterName.FLEET, new Request.Disarm("a drill")), 0);

        assertThat(owner.bus.answers).singleElement().isInstanceOfSatisfying(Answer.Refused.class, refused -> {
            Problem problem = refused.problem();
            assertThat(problem.status()).isEqualTo(503);
        });
        assertThat(done).containsExactly(new CommandId("more"));
    }

    @Test
    void aRepeatOfAnOpenOrderLeavesThePlaceToTheFirst() {
        owner.bus.refusesBrakes = true;
        Order order = order("x", ClusterName.FLEET, new Request.Disarm("a drill"));
        List<String> places = new ArrayList<>();
        owner.desk.take(order, () -> places.add("first"), at(0));
        owner.desk.take(order, () -> places.add("repeat"), at(10));
        assertThat(places).containsExactly("repeat");

        owner.bus.refusesBrakes = false;
        owner.run(1_250, 3_000);

        assertThat(places).containsExactly("repeat", "first");
        assertThat(owner.bus.answers).hasSize(1);
    }

    private void take(Owner by, Order order, long millis) {
        by.desk.take(order, () -> done.add(order.id()), at(millis));
    }

    private static Order order(String id, ClusterName cluster, Request request) {
        return new Order(
                new CommandId(id),
                cluster,
                new Actor("ann", "t1"),
                at(0).wall(),
                at(10_000).wall(),
                request);
    }
}
