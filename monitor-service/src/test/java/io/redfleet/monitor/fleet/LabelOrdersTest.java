package io.redfleet.monitor.fleet;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.event.FleetEvent;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.health.LabelAnswer;
import io.redfleet.contracts.health.LabelBrake;
import io.redfleet.contracts.health.LabelBrakes;
import io.redfleet.contracts.health.LocalBrakes;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Position;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.monitor.Orders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Brakes on labels, as orders set them, and as they hold. */
class LabelOrdersTest {
    private static final Label CHECKOUT = new Label("team=checkout");
    private static final Map<String, String> OF_CHECKOUT = Map.of("team", "checkout", "env", "prod");
    private static final Actor ANN = new Actor("ann", "t1");

    private final Recorded bus = new Recorded();
    private final Fleet fleet =
            new Fleet(bus, bus, new FleetSettings("m1", Duration.ofSeconds(10)), Orders.FAULTLESS, at(0));
    private final Brake brake = fleet.brake();
    private final OrderDesk desk = new OrderDesk(fleet);
    private int ids;

    @BeforeEach
    void nothingElseStands() {
        brake.caughtUp();
    }

    @Test
    void aDisarmedLabelHoldsTheClustersThatBearItAndNoOther() {
        take(new Request.DisarmLabel(CHECKOUT, "rack 4"), 0);

        assertThat(brake.reason(OF_CHECKOUT))
                .isEqualTo("the label team=checkout is disarmed by ann since 2026-01-01T00:00:00Z: rack 4");
        assertThat(brake.reason(Map.of("team", "search"))).isEmpty();
        assertThat(brake.reason(Map.of())).isEmpty();
        assertThat(brake.disarmed()).as("the whole fleet").isFalse();
        assertThat(bus.brakes.getLast()).returns(false, FleetBrake::disarmed).returns(0L, FleetBrake::count);
        assertThat(bus.facts).singleElement().satisfies(fact -> {
            assertThat(fact.event()).isEqualTo(new FleetEvent.Disarmed(false, CHECKOUT));
            assertThat(fact.about().reason()).isEqualTo("nothing is done automatically where team=checkout: rack 4");
            assertThat(fact.about().cluster()).isEqualTo(ClusterName.FLEET);
            assertThat(fact.about().actor()).isEqualTo(ANN);
        });

        take(new Request.RearmLabel(CHECKOUT, "over"), 1_000);

        assertThat(brake.reason(OF_CHECKOUT)).isEmpty();
        assertThat(bus.answers.getLast()).isEqualTo(new Answer.OfLabel(new LabelAnswer(CHECKOUT, false, "", null)));
        assertThat(bus.facts.getLast().event()).isEqualTo(new FleetEvent.Rearmed(CHECKOUT));
        assertThat(bus.facts).extracting(fact -> fact.id()).doesNotHaveDuplicates();
    }

    @Test
    void disarmedTwiceItIsTheFirstOnesAndToldOnce() {
        take(new Request.DisarmLabel(CHECKOUT, "rack 4"), 0);
        take(order("bobs", new Actor("bob", "t2"), new Request.DisarmLabel(CHECKOUT, "mine")), 5_000);

        LabelBrake first = new LabelBrake(CHECKOUT, "rack 4", ANN, at(0).wall());
        assertThat(bus.brakes.getLast().labelled()).isEqualTo(new LabelBrakes(1, List.of(first)));
        assertThat(bus.answers.getLast())
                .isEqualTo(new Answer.OfLabel(
                        new LabelAnswer(CHECKOUT, true, "it was disarmed before: " + first.words(), first)));
        assertThat(bus.fleetEvents()).hasSize(1);
        assertThat(bus.included.getLast()).as("not carried out a second time").contains(new CommandId("bobs"));
    }

    @Test
    void rearmingWhatIsNotDisarmedSaysSoAndIsToldForWhoeverStillThinksItIs() {
        take(new Request.RearmLabel(CHECKOUT, "over"), 0);

        assertThat(bus.answers)
                .containsExactly(new Answer.OfLabel(new LabelAnswer(CHECKOUT, false, "it was not disarmed", null)));
        assertThat(bus.facts).singleElement().satisfies(fact -> {
            assertThat(fact.event()).isEqualTo(new FleetEvent.Rearmed(CHECKOUT));
            assertThat(fact.about().reason()).isEqualTo("automatic action is allowed again where team=checkout: over");
        });
        take(new Request.RearmLabel(CHECKOUT, "really"), 1_000);
        assertThat(bus.facts)
                .extracting(fact -> fact.id())
                .doesNotHaveDuplicates()
                .hasSize(2);
        assertThat(bus.brakes.getLast().labelled().brakes()).isEmpty();
    }

    @Test
    void theFleetAndItsLabelsEndByThemselvesOnlyAndSaySo() {
        take(new Request.DisarmLabel(CHECKOUT, "rack 4"), 0);
        take(new Request.Disarm("night work"), 10);
        assertThat(brake.reason(OF_CHECKOUT)).isEqualTo("the fleet is disarmed: night work");
        take(new Request.Rearm("morning"), 20);
        assertThat(bus.facts.getLast().about().reason())
                .isEqualTo("automatic action is allowed again, but in clusters of 1 disarmed label(s): morning");
        assertThat(brake.reason(OF_CHECKOUT)).startsWith("the label team=checkout is disarmed by ann");

        take(new Request.Disarm("night work"), 30);
        take(new Request.RearmLabel(CHECKOUT, "over"), 40);
        assertThat(brake.disarmed()).isTrue();
        assertThat(bus.answers.getLast())
                .isEqualTo(new Answer.OfLabel(new LabelAnswer(
                        CHECKOUT, false, "the whole fleet is disarmed, which this does not end", null)));
        assertThat(bus.facts.getLast().about().reason())
                .isEqualTo(
                        "automatic action is allowed again where team=checkout, once the whole fleet is rearmed too: over");
    }

    @Test
    void ofALabelTheTripOfTheFleetUndoesNothing() {
        take(new Request.DisarmLabel(CHECKOUT, "rack 4"), 0);
        brake.trip("four clusters went bad", at(1_000));

        assertThat(bus.brakes.getLast().labelled().brakes()).hasSize(1);
    }

    @Test
    void atMostAHundredAreDisarmedAtOnce() {
        IntStream.range(0, 100).forEach(i -> take(new Request.DisarmLabel(new Label("team=t" + i), "x"), i));
        take(new Request.DisarmLabel(CHECKOUT, "one more"), 1_000);

        assertThat(refusal().status()).isEqualTo(409);
        assertThat(refusal().detail())
                .isEqualTo("label team=checkout: 100 labels are disarmed already, and at most 100 may be at once;"
                        + " rearm one of them first");
        take(new Request.DisarmLabel(new Label("team=t7"), "again"), 1_010);
        assertThat(bus.answers.getLast()).isInstanceOf(Answer.OfLabel.class);
        take(new Request.RearmLabel(new Label("team=t7"), "over"), 1_020);
        take(new Request.DisarmLabel(CHECKOUT, "room now"), 1_030);
        assertThat(bus.brakes.getLast().labelled().brakes()).hasSize(100);
    }

    @Test
    void whileTheRecordCannotBeReadNoLabelIsSetAndTheFleetsHoldStays() {
        brake.unread("schema 2", place(7));
        take(new Request.DisarmLabel(CHECKOUT, "rack 4"), 0);
        take(new Request.RearmLabel(CHECKOUT, "over"), 10);

        assertThat(bus.answers).hasSize(2).allMatch(Answer.Refused.class::isInstance);
        assertThat(refusal().detail()).contains("label team=checkout", "cannot be read (schema 2)");
        assertThat(brake.reason(Map.of())).isEqualTo("the fleet's brake cannot be read: schema 2");
        assertThat(bus.brakes).isEmpty();

        take(new Request.Rearm("mended"), 20);
        take(new Request.DisarmLabel(CHECKOUT, "rack 4"), 30);
        assertThat(bus.brakes.getLast().labelled().count())
                .as("told apart from what was not read")
                .isEqualTo(8);
    }

    /** The owner adds a label while another monitor disarms the fleet; each knew nothing of the other. */
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void whatTheOwnerAndATrippingMonitorWriteAtOnceBothStandsAndIsWritten(boolean came) {
        FleetBrake before = record(4, false, new LabelBrakes(1, List.of()));
        brake.read(before, List.of(), place(0));
        take(new Request.DisarmLabel(CHECKOUT, "rack 4"), 0);
        if (came) {
            brake.read(bus.brakes.getLast(), bus.included.getLast(), place(1));
        }
        FleetBrake trip = record(5, true, before.labelled());

        brake.read(trip, List.of(), place(2));
        run(1_000, 3_000);

        assertThat(brake.disarmed()).isTrue();
        FleetBrake both = bus.brakes.getLast();
        assertThat(both).returns(true, FleetBrake::disarmed).returns(5L, FleetBrake::count);
        assertThat(both.labelled().brakes()).extracting(LabelBrake::label).containsExactly(CHECKOUT);
        assertThat(bus.brakes).as("once more, not for ever").hasSize(2);
        assertThat(bus.included.getLast()).containsExactly(new CommandId("c1"));
    }

    @Test
    void whoeverReadsTheLogFromItsBeginningKnowsTheLabelsBeforeItActs() {
        take(new Request.DisarmLabel(CHECKOUT, "rack 4"), 0);
        Brake next = new Brake(new Recorded());
        assertThat(next.reason(OF_CHECKOUT)).isEqualTo("it is not known yet whether the fleet is disarmed");

        next.read(bus.brakes.getLast(), bus.included.getLast(), place(0));
        next.caughtUp();

        assertThat(next.reason(OF_CHECKOUT)).startsWith("the label team=checkout is disarmed by ann");
        assertThat(next.reason(Map.of("team", "search"))).isEmpty();
    }

    @Test
    void anOrderThatIsReadAgainAfterItsLabelWasRearmedIsNotCarriedOutAgain() {
        Order order = order("x", ANN, new Request.DisarmLabel(CHECKOUT, "rack 4"));
        take(order, 0);
        take(new Request.RearmLabel(CHECKOUT, "over"), 10);
        Recorded other = new Recorded();
        Fleet next = new Fleet(other, other, new FleetSettings("m2", Duration.ofSeconds(10)), Orders.FAULTLESS, at(0));
        next.brake().read(bus.brakes.getLast(), bus.included.getLast(), place(0));
        next.brake().caughtUp();

        new OrderDesk(next).take(order, () -> {}, at(2_000));

        assertThat(next.brake().reason(OF_CHECKOUT)).isEmpty();
        assertThat(other.brakes).isEmpty();
        assertThat(other.answers).containsExactly(new Answer.OfLabel(new LabelAnswer(CHECKOUT, false, "", null)));
    }

    /** The second order changes nothing, and must be remembered all the same. */
    @Test
    void soIsOneThatFoundItDisarmed() {
        bus.refusesBrakes = true;
        take(new Request.DisarmLabel(CHECKOUT, "rack 4"), 0);
        take(order("second", ANN, new Request.DisarmLabel(CHECKOUT, "rack 4")), 10);
        assertThat(bus.answers).as("not before it is on the bus").isEmpty();
        FleetBrake first = bus.brakes.getFirst();
        brake.read(first, bus.included.getFirst(), place(0));
        assertThat(bus.answers).as("it lacks the second").isEmpty();

        bus.refusesBrakes = false;
        run(1_000, 3_000);

        assertThat(bus.included.getLast()).contains(new CommandId("second"));
        assertThat(bus.answers).hasSize(2);
    }

    @Test
    void filesOfThisMachineHoldTheirLabelsAndEverythingIfTheyAreNotUnderstood() {
        brake.local(new LocalBrakes("", List.of(CHECKOUT)));
        assertThat(brake.reason(OF_CHECKOUT))
                .isEqualTo("the label team=checkout is disarmed by a file on this machine");
        assertThat(brake.reason(Map.of("team", "search"))).isEmpty();
        assertThat(brake.disarmed()).isFalse();

        brake.local(LocalBrakes.everywhere("/home/disarmed.labels cannot be read"));
        assertThat(brake.reason(Map.of("team", "search"))).isEqualTo("/home/disarmed.labels cannot be read");
        assertThat(brake.disarmed()).isTrue();
    }

    @Test
    void anOrderToAClusterIsRefused() {
        Order order = new Order(
                new CommandId("x"),
                new ClusterName("orders"),
                ANN,
                at(0).wall(),
                at(60_000).wall(),
                new Request.DisarmLabel(CHECKOUT, "rack 4"));
        take(order, 0);

        assertThat(refusal().status()).isEqualTo(422);
        assertThat(bus.brakes).isEmpty();
    }

    private Problem refusal() {
        return bus.answers.stream()
                .filter(Answer.Refused.class::isInstance)
                .map(answer -> ((Answer.Refused) answer).problem())
                .toList()
                .getLast();
    }

    private void run(long from, long to) {
        for (long millis = from; millis <= to; millis += 250) {
            fleet.tick(at(millis));
        }
    }

    private void take(Request request, long millis) {
        take(order("c" + ++ids, ANN, request), millis);
    }

    private void take(Order order, long millis) {
        desk.take(order, () -> {}, at(millis));
    }

    private static Order order(String id, Actor actor, Request request) {
        return new Order(
                new CommandId(id),
                ClusterName.FLEET,
                actor,
                at(0).wall(),
                at(60_000).wall(),
                request);
    }

    private static FleetBrake record(long count, boolean disarmed, LabelBrakes labels) {
        return new FleetBrake(FleetBrake.SCHEMA, disarmed, "a drill", ANN, at(0).wall(), count, labels);
    }

    private static Position place(long offset) {
        return new Position("redfleet.health.v1", 1, offset);
    }
}
