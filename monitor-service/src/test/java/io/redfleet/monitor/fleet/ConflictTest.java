package io.redfleet.monitor.fleet;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.TopologyEvent;
import io.redfleet.contracts.health.Term;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.watch.Observation;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One Redis in two clusters. The cluster "orders" has 6300 to 6302; "payments" is watched by somebody else, if not said so. */
class ConflictTest {
    private static final Term TERM = new Term(1, "m1");
    private static final ClusterName ORDERS = Orders.state().name();
    private static final Endpoint STRANGER = Payments.address(6400);
    private static final TopologyEvent LISTED = new TopologyEvent.Conflict(STRANGER, Payments.NAME, List.of(Orders.S3));

    private final Recorded recorded = new Recorded();
    private Fleet fleet = fleet("m1", 0);

    @Test
    void whatASentinelListsOfAnothersIsToldOnceAndSoIsItsEnd() {
        orders(Past.none(TERM), 0);
        known(Payments.on(6400));
        pass(250, 10_000, Set.of(STRANGER));
        assertThat(told()).as("an address may move").isEmpty();
        pass(10_250, 60_000, Set.of(STRANGER));
        assertThat(told()).containsExactly(LISTED);

        pass(60_250, 61_000, Set.of());
        TopologyEvent ended = new TopologyEvent.ConflictEnded(STRANGER, Payments.NAME, 60_000);
        assertThat(told()).containsExactly(LISTED, ended);

        pass(61_250, 80_000, Set.of(STRANGER));
        assertThat(told()).as("again").containsExactly(LISTED, ended, LISTED);
    }

    @Test
    void aSpecThatNeverStoodOwnsWhatASentinelLists() {
        orders(Past.none(TERM), 0);
        known(Payments.wished(6400));
        pass(250, 20_000, Set.of(STRANGER));
        assertThat(told()).containsExactly(LISTED);
    }

    @Test
    void itIsOverOnceTheOtherClusterIsGone() {
        orders(Past.none(TERM), 0);
        known(Payments.on(6400));
        pass(250, 20_000, Set.of(STRANGER));
        fleet.claimants().gone(Payments.NAME);
        pass(20_250, 20_250, Set.of(STRANGER));
        assertThat(told()).containsExactly(LISTED, new TopologyEvent.ConflictEnded(STRANGER, Payments.NAME, 20_000));
    }

    @Test
    void whatNobodyHasOrItsOwnSpecIsNoConflict() {
        orders(Past.none(TERM), 0);
        known(Payments.on(6401));
        pass(250, 20_000, Set.of(STRANGER, Orders.address(2)));
        assertThat(told()).isEmpty();
    }

    @Test
    void beforeAllSpecsAreReadNobodyIsAStranger() {
        orders(Past.none(TERM), 0);
        fleet.claimants().claimed(Claimants.Spec.of(Payments.on(6400)));
        pass(250, 20_000, Set.of(STRANGER));
        assertThat(told()).isEmpty();
    }

    /** "orders" comes before "payments". */
    @Test
    void whatTwoSpecsHaveIsToldByTheFirstOfThem() {
        orders(Past.none(TERM), 0);
        fleet.watch(Payments.on(6300), Past.none(TERM), at(0));
        known(Payments.on(6300));
        pass(250, 30_000, Set.of());
        assertThat(told()).containsExactly(new TopologyEvent.Conflict(Orders.address(1), Payments.NAME, List.of()));
        assertThat(recorded.facts)
                .filteredOn(fact -> fact.event() instanceof TopologyEvent.Conflict)
                .extracting(fact -> fact.about().cluster())
                .containsExactly(ORDERS);
    }

    @Test
    void aWishForWhatIsAnothersIsNoConflict() {
        orders(Past.none(TERM), 0);
        known(Payments.wished(6300));
        pass(250, 30_000, Set.of());
        assertThat(told()).isEmpty();
    }

    /** By health, or by the event alone that no health includes. */
    @ParameterizedTest(name = "with its health: {0}")
    @ValueSource(booleans = {true, false})
    void whoeverWatchesNextGoesOnFromIt(boolean withHealth) {
        orders(Past.none(TERM), 0);
        known(Payments.on(6400));
        pass(250, 30_000, Set.of(STRANGER));
        Term next = new Term(2, "m2");
        Past past = withHealth
                ? new Past(recorded.healths.getLast(), List.of(), null, next)
                : new Past(recorded.healths.getFirst(), List.copyOf(recorded.facts), null, next);

        fleet = fleet("m2", 40_000);
        orders(past, 40_000);
        tick(40_250, 45_000);
        assertThat(told()).as("no spec is read yet").containsExactly(LISTED);
        known(Payments.on(6400));
        tick(45_250, 50_000);
        assertThat(told()).as("no Sentinel was heard yet").containsExactly(LISTED);
        pass(50_250, 70_000, Set.of(STRANGER));
        assertThat(told()).as("it was told").containsExactly(LISTED);
        pass(70_250, 70_250, Set.of());
        assertThat(told()).hasSize(2).last().isInstanceOf(TopologyEvent.ConflictEnded.class);
    }

    @Test
    void aSentinelThatListsAWholeFleetIsOneTroubleAndNoThousand() {
        orders(Past.none(TERM), 0);
        Set<Endpoint> all = new HashSet<>();
        for (int port = 6400; port < 6450; port++) {
            fleet.claimants().claimed(Claimants.Spec.of(Payments.named("c" + port, port)));
            all.add(Payments.address(port));
        }
        fleet.claimants().caughtUp();
        pass(250, 20_000, all);
        assertThat(told()).hasSize(16);
    }

    private Fleet fleet(String monitor, long millis) {
        FleetSettings settings = new FleetSettings(monitor, Duration.ofSeconds(10));
        return new Fleet(recorded, recorded, settings, Orders.FAULTLESS, at(millis));
    }

    private void orders(Past past, long millis) {
        fleet.started(at(millis));
        fleet.watch(Orders.state(), past, at(millis));
    }

    private void known(ClusterState other) {
        fleet.claimants().claimed(Claimants.Spec.of(Orders.state()));
        fleet.claimants().claimed(Claimants.Spec.of(other));
        fleet.claimants().caughtUp();
    }

    /** All Sentinels name r1; the third lists these as replicas. */
    private void pass(long from, long to, Set<Endpoint> strangers) {
        for (long millis = from; millis <= to; millis += 250) {
            for (int sentinel = 1; sentinel <= 3; sentinel++) {
                Set<Endpoint> lists = sentinel == 3 ? strangers : Set.of(Orders.address(2), Orders.address(3));
                fleet.observe(
                        ORDERS,
                        new Observation.Viewed(
                                Orders.view(sentinel, 1, 1, at(millis)).listing(lists)),
                        at(millis));
            }
            fleet.tick(at(millis));
        }
    }

    private void tick(long from, long to) {
        for (long millis = from; millis <= to; millis += 250) {
            fleet.tick(at(millis));
        }
    }

    private List<Event> told() {
        return recorded.facts.stream()
                .map(Fact::event)
                .filter(event ->
                        event instanceof TopologyEvent.Conflict || event instanceof TopologyEvent.ConflictEnded)
                .toList();
    }
}
