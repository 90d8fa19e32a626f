package io.redfleet.monitor.fleet;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.cluster.SentinelSpec;
import io.redfleet.contracts.cluster.WatchMode;
import io.redfleet.contracts.cluster.WatchSpec;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.FleetEvent;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Request;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.probe.Reply;
import io.redfleet.monitor.watch.Observation;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A bug that comes out in one cluster's watch costs that cluster alone, and is loud. */
class FaultyWatchTest {
    private static final Term TERM = new Term(1, "m1");
    private static final ClusterName FAULTY = new ClusterName("faulty");
    private static final ClusterName ORDERS = new ClusterName("orders");

    private record Heard(ClusterName cluster, int inARow) {}

    private final Recorded bus = new Recorded();
    private final List<Heard> heard = new ArrayList<>();
    private final Fleet fleet = new Fleet(
            bus,
            bus,
            new FleetSettings("m1", Duration.ofSeconds(1)),
            (cluster, inARow, fault) -> heard.add(new Heard(cluster, inARow)),
            at(0));
    private long now;

    @Test
    void theOthersAreJudgedWhileOneFailsAtEveryLook() {
        fleet.watch(faulty(), Past.none(TERM), at(0));
        fleet.watch(Orders.state(), Past.none(TERM), at(0));
        fleet.observe(ORDERS, answered(new Reply.Pong()), at(100));
        run(2_000);
        assertThat(heard).isNotEmpty().allMatch(each -> each.cluster().equals(FAULTY));
        assertThat(fleet.watched(FAULTY)).as("not often enough yet").isPresent();

        fleet.observe(ORDERS, answered(new Reply.Refused()), at(2_000));
        run(10_000);

        assertThat(events(ORDERS)).anyMatch(InstanceEvent.Down.class::isInstance);
        assertThat(events(ORDERS)).anyMatch(WatchEvent.CheckFailed.class::isInstance);
        assertThat(bus.healths)
                .filteredOn(health -> health.cluster().equals(ORDERS))
                .last()
                .satisfies(health -> assertThat(health.instances().get(Orders.R2))
                        .satisfies(instance -> assertThat(instance.flips()).isPositive()));
    }

    @Test
    void whatFailsTenTimesInARowIsParkedAndToldOnce() {
        fleet.watch(faulty(), Past.none(TERM), at(0));
        run(60_000);

        assertThat(heard)
                .isEqualTo(IntStream.rangeClosed(1, 10)
                        .mapToObj(number -> new Heard(FAULTY, number))
                        .toList());
        assertThat(fleet.watched(FAULTY)).isEmpty();
        assertThat(parkings()).singleElement().satisfies(fact -> {
            FleetEvent.WatchParked parked = (FleetEvent.WatchParked) fact.event();
            assertThat(parked.record().offset()).isEqualTo(-1);
            assertThat(parked.error())
                    .isEqualTo("its watch fails, 10 times in a row: java.lang.ArithmeticException: long overflow");
            assertThat(fact.about().cluster()).isEqualTo(FAULTY);
        });
        assertThat(lastHealth().conditions()).containsKey(Parking.PARKED);
    }

    @Test
    void theNextSpecIsWatchedAgain() {
        fleet.watch(faulty(), Past.none(TERM), at(0));
        run(20_000);
        fleet.watch(Orders.state("faulty", Phase.READY, WatchMode.AUTO), Past.none(TERM), at(20_000));
        fleet.observe(FAULTY, answered(new Reply.Refused()), at(20_100));
        fleet.tick(at(20_250));

        assertThat(events(FAULTY)).anyMatch(FleetEvent.WatchResumed.class::isInstance);
        assertThat(events(FAULTY)).anyMatch(InstanceEvent.Down.class::isInstance);
        assertThat(lastHealth().conditions()).doesNotContainKey(Parking.PARKED);
        assertThat(heard).hasSize(10);
    }

    @Test
    void aSpecUnderWhichAStandingWatchFailsParksItAndKeepsItsNumbers() {
        fleet.watch(Orders.state("faulty", Phase.READY, WatchMode.AUTO), Past.none(TERM), at(0));
        fleet.observe(FAULTY, answered(new Reply.Refused()), at(100));
        fleet.watch(faulty(), Past.none(TERM), at(1_000));

        assertThat(parkings()).hasSize(1);
        assertThat(heard).containsExactly(new Heard(FAULTY, 1));
        assertThat(lastHealth().instances().get(Orders.R2))
                .satisfies(instance -> assertThat(instance.flips()).isEqualTo(1));
    }

    /** A period of nothing divides by zero before there is a watch. */
    @Test
    void aWatchThatCannotBeginIsParkedAtOnceAndTheOnesBehindItBegin() {
        ClusterHealth left = left();
        fleet.watch(withoutPeriod(), new Past(left, List.of(), left.lastEvent(), TERM), at(0));
        fleet.watch(Orders.state(), Past.none(TERM), at(0));

        assertThat(fleet.watched(ORDERS)).isPresent();
        assertThat(fleet.watched(FAULTY)).isEmpty();
        assertThat(parkings()).hasSize(1);
        assertThat(lastHealth().instances()).as("as the former owner left it").isEqualTo(left.instances());

        fleet.watch(withoutPeriod(), Past.none(TERM), at(1_000));
        assertThat(parkings()).as("it is known").hasSize(1);
        fleet.watch(Orders.state("faulty", Phase.READY, WatchMode.AUTO), Past.none(TERM), at(2_000));
        fleet.observe(FAULTY, answered(new Reply.Pong()), at(2_100));
        fleet.observe(FAULTY, answered(new Reply.Refused()), at(2_200));

        assertThat(bus.facts)
                .filteredOn(fact -> fact.event() instanceof InstanceEvent.Down)
                .extracting(fact -> fact.id())
                .doesNotHaveDuplicates();
        assertThat(events(FAULTY)).anyMatch(FleetEvent.WatchResumed.class::isInstance);
    }

    /** Told by a first fleet: r2 is down. */
    private ClusterHealth left() {
        Fleet first =
                new Fleet(bus, bus, new FleetSettings("m0", Duration.ofSeconds(1)), Orders.FAULTLESS, at(-20_000));
        first.watch(Orders.state("faulty", Phase.READY, WatchMode.AUTO), Past.none(TERM), at(-20_000));
        first.observe(FAULTY, answered(new Reply.Refused()), at(-19_900));
        first.tick(at(-18_500));
        return lastHealth();
    }

    @Test
    void anOrderAtWhichTheWatchFailsIsRefused() {
        fleet.watch(faulty(), Past.none(TERM), at(0));
        Order order = new Order(
                new CommandId("c1"),
                FAULTY,
                new Actor("ann", "t1"),
                at(0).wall(),
                at(60_000).wall(),
                new Request.Unmonitor(Orders.R2));
        List<String> done = new ArrayList<>();
        new OrderDesk(fleet).take(order, () -> done.add("done"), at(100));

        assertThat(bus.answers)
                .singleElement()
                .satisfies(answer ->
                        assertThat(((Answer.Refused) answer).problem().status()).isEqualTo(500));
        assertThat(done).containsExactly("done");
    }

    @Test
    void aRowEndsWithACycleBeforeWhichNothingFailed() {
        Faults faults = new Faults((cluster, inARow, fault) -> {});
        nineFaults(faults);
        faults.judged(FAULTY);
        assertThat(faults.thrown(FAULTY, new IllegalStateException("the tenth")))
                .isTrue();

        faults.forget(FAULTY);
        nineFaults(faults);
        faults.judged(FAULTY);
        faults.judged(FAULTY);
        assertThat(faults.thrown(FAULTY, new IllegalStateException("the first of another row")))
                .isFalse();
    }

    private static void nineFaults(Faults faults) {
        for (int number = 1; number <= 9; number++) {
            assertThat(faults.thrown(FAULTY, new IllegalStateException("" + number)))
                    .isFalse();
            faults.judged(ORDERS);
        }
    }

    private void run(long until) {
        for (; now <= until; now += 250) {
            fleet.tick(at(now));
        }
    }

    private List<Event> events(ClusterName cluster) {
        return bus.facts.stream()
                .filter(fact -> fact.about().cluster().equals(cluster))
                .map(Fact::event)
                .toList();
    }

    private List<Fact> parkings() {
        return bus.facts.stream()
                .filter(fact -> fact.event() instanceof FleetEvent.WatchParked)
                .toList();
    }

    private ClusterHealth lastHealth() {
        return bus.healths.stream()
                .filter(health -> health.cluster().equals(FAULTY))
                .reduce((older, newer) -> newer)
                .orElseThrow();
    }

    private static Observation answered(Reply reply) {
        return new Observation.Answered(Orders.R2, reply, null);
    }

    /** No span can be added to its failover timeout: every look at it fails, and nothing before. */
    private static ClusterState faulty() {
        ClusterSpec spec = Orders.state("faulty", Phase.READY, WatchMode.AUTO).spec();
        SentinelSpec sentinel = new SentinelSpec("orders", 2, Orders.DOWN_AFTER, ChronoUnit.FOREVER.getDuration(), 1);
        return state(new ClusterSpec(
                spec.name(),
                spec.labels(),
                spec.redis(),
                spec.durability(),
                sentinel,
                spec.hosts(),
                spec.bootstrapMaster(),
                spec.service(),
                spec.watch(),
                spec.security()));
    }

    private static ClusterState withoutPeriod() {
        ClusterSpec spec = Orders.state("faulty", Phase.READY, WatchMode.AUTO).spec();
        return state(spec.with(new WatchSpec(WatchMode.AUTO, spec.watch().probe(), Duration.ZERO)));
    }

    private static ClusterState state(ClusterSpec spec) {
        ClusterState like = Orders.state("faulty", Phase.READY, WatchMode.AUTO);
        return new ClusterState(like.schema(), like.uid(), 2, like.phase(), like.reason(), like.since(), spec);
    }
}
