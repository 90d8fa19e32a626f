package io.redfleet.monitor.fleet;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.cluster.WatchMode;
import io.redfleet.contracts.event.FleetEvent;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.health.LocalBrakes;
import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.MachineFacts;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Position;
import io.redfleet.contracts.wire.Request;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.watch.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** More than a fifth of the machines away: nothing automatic, until a person has seen it. */
class HostBrakeTest {
    private static final Actor ANN = new Actor("ann", "t1");
    private static final Term TERM = new Term(1, "m1");
    private static final Duration SETTLE = Duration.ofSeconds(10);

    private final Recorded bus = new Recorded();
    private Fleet fleet = fleet(SETTLE);
    private long now;

    @BeforeEach
    void nothingElseStands() {
        fleet.brake().caughtUp();
    }

    @ParameterizedTest(name = "{1} of {0}")
    @CsvSource({
        "1, 1, false",
        "2, 2, false",
        "3, 2, false",
        "3, 3, true",
        "12, 3, true",
        "14, 3, true",
        "15, 3, false",
        "16, 3, false",
        "15, 4, true",
        "20, 4, false",
        "1000, 200, false",
        "1000, 201, true",
        "0, 0, false",
    })
    void moreThanAFifthAndAtLeastThreeAreTooMany(int known, int away, boolean tooMany) {
        Machines.Count count = new Machines.Count(known, away(away, at(0).wall()));

        assertThat(HostBrake.reason(count, null).isPresent()).isEqualTo(tooMany);
    }

    @ParameterizedTest(name = "{0} away")
    @CsvSource(
            delimiter = '|',
            value = {
                "3 | 3 of 9 hosts are unreachable | r1, r2, r3",
                "5 | 5 of 9 hosts are unreachable | r1, r2, r3, r4, r5",
                "6 | 6 of 9 hosts are unreachable | r1, r2, r3, r4, r5, ...",
            })
    void fiveAreNamed(int away, String reason, String names) {
        assertThat(HostBrake.reason(new Machines.Count(9, away(away, at(0).wall())), null))
                .contains(new HostBrake.Why(reason, names));
    }

    @Test
    void fourOfTwelveAwayForTenSecondsDisarmTheFleet() {
        twelveReached();
        unreachable(20_000, "a", 1, 2);
        unreachable(20_000, "b", 1, 2);

        run(29_750);
        assertThat(fleet.brake().disarmed()).isFalse();
        run(30_000);

        assertThat(fleet.brake().reason())
                .as("shown to whoever sees one cluster")
                .isEqualTo("the fleet is disarmed: 4 of 12 hosts are unreachable");
        assertThat(bus.facts)
                .filteredOn(fact -> fact.event().equals(new FleetEvent.Disarmed(true)))
                .singleElement()
                .satisfies(fact -> assertThat(fact.about().reason())
                        .isEqualTo("nothing is done automatically: 4 of 12 hosts are unreachable (a1, a2, b1, b2)"));
        assertThat(bus.brakes).singleElement().satisfies(record -> {
            assertThat(record.disarmed()).isTrue();
            assertThat(record.reason()).isEqualTo("4 of 12 hosts are unreachable");
        });
    }

    @Test
    void whoComesAndGoesIsNotAway() {
        twelveReached();
        for (long when = 20_000; when < 120_000; when += 10_000) {
            unreachable(when, "a", 1, 2, 3, 4);
            reachable(when + 9_500, "a", 1, 2, 3, 4);
        }

        assertThat(fleet.brake().disarmed()).isFalse();
    }

    @Test
    void anotherReasonForTheSameAbsenceDoesNotBeginItAnew() {
        twelveReached();
        unreachable(20_000, "a", 1, 2, 3);
        unreachable(28_000, "a", 1, 2, 3);
        run(30_000);

        assertThat(fleet.brake().disarmed()).isTrue();
    }

    /** Its channels stop all at once; a dead provisioner says nothing of anybody. */
    @Test
    void silenceIsNobodysAbsence() {
        twelveReached();
        unreachable(20_000, "a", 1, 2);
        run(3_600_000);

        assertThat(fleet.brake().disarmed()).isFalse();
        assertThat(bus.fleetEvents()).containsExactly(new FleetEvent.TiltLeft(0));
    }

    @Test
    void whoWasNeverReachedWasNotLost() {
        watch("a", 4, 0);
        for (int number = 1; number <= 4; number++) {
            hear(100, HostFacts.unheard(new ClusterName("a"), host("a", number), at(100).wall(), "no route"));
        }
        run(60_000);

        assertThat(fleet.brake().disarmed()).isFalse();
    }

    @Test
    void aMachineThatClustersShareIsOne() {
        for (String name : List.of("a", "b", "c", "d")) {
            fleet.watch(shared(name), Past.none(TERM), at(0));
            reachable(250, name, 1, 2, 3, 4, 5);
        }
        for (String name : List.of("a", "b", "c", "d")) {
            unreachable(20_000, name, 1, 2);
        }
        run(60_000);
        assertThat(fleet.brake().disarmed())
                .as("two machines under eight names")
                .isFalse();

        for (String name : List.of("a", "b", "c")) {
            unreachable(60_000, name, 3);
        }
        run(90_000);
        assertThat(fleet.brake().disarmed()).as("somebody reaches the third").isFalse();

        unreachable(90_000, "d", 3);
        run(99_750);
        assertThat(fleet.brake().disarmed()).isFalse();
        run(100_000);
        assertThat(fleet.brake().reason()).endsWith("3 of 5 hosts are unreachable");
    }

    @Test
    void twoMachinesOfOneNameAreToldApart() {
        for (String name : List.of("x", "y")) {
            fleet.watch(state(name, 4, name.equals("x") ? 1 : 2, "r"), Past.none(TERM), at(0));
            for (int number = 1; number <= 4; number++) {
                hear(250, facts(name, "r" + number, true, at(250).wall()));
            }
        }
        hear(20_000, facts("x", "r1", false, at(20_000).wall()));
        hear(20_000, facts("y", "r1", false, at(20_000).wall()));
        hear(20_000, facts("y", "r2", false, at(20_000).wall()));
        run(30_000);

        assertThat(bus.facts)
                .filteredOn(fact -> fact.event().equals(new FleetEvent.Disarmed(true)))
                .singleElement()
                .satisfies(fact -> assertThat(fact.about().reason())
                        .endsWith("3 of 8 hosts are unreachable (r1 at 10.1.0.1, r1 at 10.2.0.1, r2 at 10.2.0.2)"));
    }

    @Test
    void whoHasJustTakenOverDoesNotJudgeYet() {
        fleet = fleet(Duration.ofSeconds(30));
        fleet.brake().caughtUp();
        watch("a", 4, 0);
        unreachable(100, "a", 1, 2, 3);
        run(29_750);
        assertThat(fleet.brake().disarmed()).isFalse();
        run(30_000);
        assertThat(fleet.brake().disarmed()).isTrue();
    }

    @Test
    void aClusterThatHasJustComeCountsOnceItHasSettled() {
        fleet = fleet(Duration.ofSeconds(30));
        fleet.brake().caughtUp();
        run(60_000);
        watch("a", 4, 60_000);
        unreachable(60_000, "a", 1, 2, 3);
        run(89_750);
        assertThat(fleet.brake().disarmed()).isFalse();
        run(90_000);
        assertThat(fleet.brake().disarmed()).isTrue();
    }

    @Test
    void inTiltAndRightAfterItNobodyIsAway() {
        twelveReached();
        run(20_000);
        now = 50_000; // a stop of thirty seconds
        unreachable(50_000, "a", 1, 2, 3);
        run(89_000);
        assertThat(fleet.brake().disarmed())
                .as("thirty quiet seconds and ten to settle")
                .isFalse();
        run(91_000);
        assertThat(fleet.brake().disarmed()).isTrue();
    }

    @Test
    void whoWasAwayWhenItWasRearmedDoesNotDisarmItAgainAndOneMoreDoes() {
        disarmedByThree();
        rearm(40_000);
        run(600_000);
        assertThat(fleet.brake().disarmed()).as("the same three").isFalse();

        unreachable(600_000, "b", 1);
        run(609_750);
        assertThat(fleet.brake().disarmed()).isFalse();
        run(610_000);

        assertThat(fleet.brake().reason()).endsWith("4 of 12 hosts are unreachable");
    }

    @Test
    void whoCameBackAndIsLostAnewDisarmsItAgain() {
        disarmedByThree();
        rearm(40_000);
        reachable(60_000, "a", 3);
        unreachable(70_000, "a", 3);
        run(79_750);
        assertThat(fleet.brake().disarmed()).isFalse();
        run(80_000);

        assertThat(fleet.brake().reason()).endsWith("3 of 12 hosts are unreachable");
    }

    @Test
    void whoIsLeftOfThoseWhoWereAwayIsNoNews() {
        disarmedByThree();
        unreachable(35_000, "a", 4);
        run(46_000);
        rearm(46_000);
        reachable(60_000, "a", 4);
        run(120_000);

        assertThat(fleet.brake().disarmed()).isFalse();
    }

    /** The first label writes the record in which nobody has touched the fleet's own brake. */
    @Test
    void whoDisarmsALabelHasNotSeenWhoIsAway() {
        FleetBrake untouched = new FleetBrake(
                FleetBrake.SCHEMA,
                false,
                "nobody has touched it",
                ANN,
                at(40_000).wall(),
                0);
        assertThat(afterTakeover(untouched, at(20_000).wall()).disarmed()).isTrue();
    }

    /** The record says when it was rearmed, and each host's since when it is away. */
    @Test
    void theNextOwnerKnowsWhoWasAwayWhenItWasRearmed() {
        FleetBrake rearmed =
                new FleetBrake(FleetBrake.SCHEMA, false, "seen", ANN, at(40_000).wall(), 2);
        assertThat(afterTakeover(rearmed, at(20_000).wall()).disarmed()).isFalse();
        assertThat(afterTakeover(rearmed, at(40_001).wall()).disarmed()).isTrue();
    }

    private Brake afterTakeover(FleetBrake record, Instant awaySince) {
        fleet = new Fleet(bus, bus, new FleetSettings("m2", SETTLE), Orders.FAULTLESS, at(100_000));
        fleet.brake().read(record, List.of(), new Position("redfleet.health.v1", 1, 3));
        fleet.brake().caughtUp();
        now = 100_000;
        watch("a", 4, 100_000);
        for (int number = 1; number <= 3; number++) {
            hear(100_000, facts("a", "a" + number, false, awaySince));
        }
        run(300_000);
        return fleet.brake();
    }

    @Test
    void theEndOfTheFileIsAPersonsWordToo() {
        twelveReached();
        fleet.brake().local(LocalBrakes.everywhere("a file on this machine"));
        unreachable(20_000, "a", 1, 2, 3);
        run(60_000);
        fleet.brake().local(LocalBrakes.NONE);
        run(600_000);
        assertThat(fleet.brake().disarmed()).isFalse();

        unreachable(600_000, "c", 4);
        run(610_000);
        assertThat(fleet.brake().disarmed()).isTrue();
    }

    @Test
    void whatIsNotOursAnyMoreDoesNotCount() {
        twelveReached();
        unreachable(20_000, "a", 1, 2, 3);
        fleet.released(new ClusterName("a"));
        watch("d", 4, 20_000);
        unreachable(21_000, "d", 1, 2, 3);
        fleet.watch(state("d", 4, 4, "d", Phase.REMOVING), Past.none(TERM), at(22_000));
        run(60_000);

        assertThat(fleet.brake().disarmed()).isFalse();
    }

    @Test
    void aHostThatStandsElsewhereNowIsAnother() {
        twelveReached();
        unreachable(20_000, "a", 1, 2, 3);
        fleet.watch(state("a", 4, 77, "a"), Past.none(TERM), at(25_000));
        run(60_000);

        assertThat(fleet.brake().disarmed()).isFalse();
    }

    @Test
    void theHostsOfAParkedClusterCount() {
        twelveReached();
        Unread record = new Unread(new Position("redfleet.clusters.v1", 3, 8), null, "schema 2", false);
        fleet.park(new ClusterName("a"), record, Past.none(TERM), at(10_000));
        unreachable(20_000, "a", 1, 2, 3);
        run(30_000);

        assertThat(fleet.brake().reason()).endsWith("3 of 12 hosts are unreachable");
    }

    private void disarmedByThree() {
        twelveReached();
        unreachable(20_000, "a", 1, 2, 3);
        run(40_000);
        assertThat(fleet.brake().disarmed()).isTrue();
    }

    private void rearm(long millis) {
        Order order = new Order(
                new CommandId("rearm-" + millis),
                ClusterName.FLEET,
                ANN,
                at(millis).wall(),
                at(millis + 60_000).wall(),
                new Request.Rearm("seen"));
        new OrderDesk(fleet).take(order, () -> {}, at(millis));
        assertThat(fleet.brake().disarmed()).isFalse();
    }

    private void twelveReached() {
        for (String name : List.of("a", "b", "c")) {
            watch(name, 4, 0);
            reachable(250, name, 1, 2, 3, 4);
        }
    }

    private void watch(String name, int hosts, long millis) {
        int net = name.charAt(0) - 'a' + 1;
        fleet.watch(state(name, hosts, net, name), Past.none(TERM), at(millis));
    }

    private void reachable(long millis, String cluster, int... numbers) {
        for (int number : numbers) {
            hear(millis, facts(cluster, cluster + number, true, at(millis).wall()));
        }
    }

    private void unreachable(long millis, String cluster, int... numbers) {
        for (int number : numbers) {
            hear(millis, facts(cluster, cluster + number, false, at(millis).wall()));
        }
    }

    private void hear(long millis, HostFacts facts) {
        run(millis);
        fleet.observe(facts.cluster(), new Observation.HostSeen(facts), at(millis));
    }

    /** Ticks, up to this one. */
    private void run(long until) {
        for (; now <= until; now += 250) {
            fleet.tick(at(now));
        }
    }

    private Fleet fleet(Duration settle) {
        return new Fleet(bus, bus, new FleetSettings("m1", settle), Orders.FAULTLESS, at(0));
    }

    private static List<Machines.Away> away(int many, Instant since) {
        return IntStream.rangeClosed(1, many)
                .mapToObj(number -> new Machines.Away("r" + number, since))
                .toList();
    }

    private static HostName host(String cluster, int number) {
        return new HostName(cluster + number);
    }

    private static HostFacts facts(String cluster, String host, boolean reachable, Instant at) {
        return new HostFacts(
                HostFacts.SCHEMA,
                new ClusterName(cluster),
                new HostName(host),
                at,
                reachable,
                "",
                "boot-1",
                0,
                0,
                0,
                0,
                0,
                0,
                Map.of(),
                MachineFacts.UNKNOWN);
    }

    /** Five machines that every such cluster has, each under a name of its own. */
    private static ClusterState shared(String name) {
        return state(name, 5, 9, name);
    }

    private static ClusterState state(String name, int hosts, int net, String called) {
        return state(name, hosts, net, called, Phase.READY);
    }

    private static ClusterState state(String name, int hosts, int net, String called, Phase phase) {
        ClusterState orders = Orders.state(name, phase, WatchMode.AUTO);
        ClusterSpec spec = orders.spec();
        HostSpec like = spec.hosts().getFirst();
        List<HostSpec> places = IntStream.rangeClosed(1, hosts)
                .mapToObj(number -> new HostSpec(
                        new HostName(called + number),
                        "10." + net + ".0." + number,
                        "",
                        like.ssh(),
                        like.directory(),
                        like.instances()))
                .toList();
        ClusterSpec moved = new ClusterSpec(
                spec.name(),
                spec.labels(),
                spec.redis(),
                spec.durability(),
                spec.sentinel(),
                places,
                places.getFirst().name(),
                spec.service(),
                spec.watch(),
                spec.security());
        return new ClusterState(
                orders.schema(), orders.uid(), 1, orders.phase(), orders.reason(), orders.since(), moved);
    }
}
