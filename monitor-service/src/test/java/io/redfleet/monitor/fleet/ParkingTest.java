package io.redfleet.monitor.fleet;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.FleetEvent;
import io.redfleet.contracts.event.FleetEvent.WatchParked;
import io.redfleet.contracts.event.FleetEvent.WatchResumed;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.wire.Position;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.probe.Reply;
import io.redfleet.monitor.watch.Observation;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ParkingTest {
    private static final ClusterState STATE = Orders.state();
    private static final ClusterName NAME = STATE.name();
    private static final Term TERM = new Term(1, "m1");
    private static final Position AT = new Position("redfleet.clusters.v1", 3, 8);

    private final Recorded first = new Recorded();
    private final Fleet fleet = fleet(first);

    @Test
    void aParkedClusterIsToldOfOnceAndSeenByNobody() {
        fleet.watch(STATE, Past.none(TERM), at(0));
        refused(fleet, 1_000);

        fleet.park(NAME, unread(STATE.uid()), Past.none(TERM), at(2_000));
        fleet.park(NAME, unread(STATE.uid()), Past.none(TERM), at(3_000));

        assertThat(told(first, WatchParked.class)).singleElement().satisfies(fact -> {
            assertThat(fact.about().uid()).isEqualTo(STATE.uid());
            assertThat(fact.about().reason()).isEqualTo("parked, not watched: schema 2");
        });
        assertThat(fleet.watched(NAME)).isEmpty();
        fleet.started(at(3_900));
        int before = first.facts.size();
        refused(fleet, 4_000);
        fleet.tick(at(4_250));
        assertThat(first.facts).hasSize(before);
    }

    @Test
    void onceReadableItCountsOnFromWhereItWas() {
        fleet.watch(STATE, Past.none(TERM), at(0));
        refused(fleet, 1_000);
        Fact down = told(first, InstanceEvent.Down.class).getFirst();
        fleet.park(NAME, unread(STATE.uid()), Past.none(TERM), at(2_000));

        fleet.started(at(9_000));
        fleet.watch(STATE, Past.none(TERM), at(9_000));
        fleet.observe(NAME, new Observation.Answered(Orders.R2, new Reply.Pong(), Orders.run("r2")), at(9_100));
        refused(fleet, 9_200);

        assertThat(told(first, WatchResumed.class)).extracting(Fact::event).containsExactly(new WatchResumed(7_000));
        assertThat(told(first, InstanceEvent.Down.class))
                .hasSize(2)
                .extracting(fact -> fact.id())
                .startsWith(down.id())
                .doesNotHaveDuplicates();
    }

    @Test
    void theHealthRecordStopsSayingSoEvenIfNothingElseHasChanged() {
        fleet.watch(STATE, Past.none(TERM), at(0));
        fleet.tick(at(2_000));
        fleet.park(NAME, unread(STATE.uid()), Past.none(TERM), at(3_000));
        assertThat(first.healths.getLast().conditions()).containsKey(Parking.PARKED);

        fleet.watch(STATE, Past.none(TERM), at(4_000));
        fleet.tick(at(6_000));

        assertThat(first.healths.getLast().conditions()).doesNotContainKey(Parking.PARKED);
    }

    @Test
    void theNextOwnerTellsTheSameParkingAndItsEnd() {
        fleet.watch(STATE, Past.none(TERM), at(0));
        fleet.park(NAME, unread(STATE.uid()), Past.none(TERM), at(2_000));
        ClusterHealth left = first.healths.getLast();

        Recorded second = new Recorded();
        fleet(second).park(NAME, unread(null), after(left), at(5_000));
        Recorded third = new Recorded();
        fleet(third).watch(STATE, after(left), at(6_000));

        assertThat(told(second, WatchParked.class).getFirst().id())
                .isEqualTo(told(first, WatchParked.class).getFirst().id());
        assertThat(told(third, WatchResumed.class).getFirst().about().uid()).isEqualTo(STATE.uid());
    }

    @Test
    void aClusterThatWasNeverReadableIsToldOfToo() {
        fleet.park(NAME, unread(null), Past.none(TERM), at(0));

        assertThat(told(first, WatchParked.class).getFirst().about().uid()).isEqualTo(new ClusterUid("unread-" + NAME));
        assertThat(first.healths.getLast().verdict().reason()).contains("schema 2");

        fleet.watch(STATE, Past.none(TERM), at(1_000));
        assertThat(told(first, WatchResumed.class).getFirst().about().uid())
                .isEqualTo(new ClusterUid("unread-" + NAME));
        assertThat(fleet.watched(NAME)).isPresent();
    }

    @Test
    void aHealthRecordOfALaterReleaseIsNotWrittenOver() {
        fleet.park(NAME, new Unread(AT, STATE.uid(), "schema 2", true), Past.none(TERM), at(0));

        assertThat(told(first, WatchParked.class)).hasSize(1);
        assertThat(first.healths).isEmpty();
    }

    @Test
    void aSecondParkingIsAnotherFact() {
        fleet.watch(STATE, Past.none(TERM), at(0));
        fleet.park(NAME, unread(STATE.uid()), Past.none(TERM), at(1_000));
        fleet.watch(STATE, Past.none(TERM), at(2_000));
        fleet.park(NAME, unread(STATE.uid()), Past.none(TERM), at(3_000));

        assertThat(told(first, WatchParked.class))
                .extracting(fact -> fact.id())
                .hasSize(2)
                .doesNotHaveDuplicates();
    }

    @Test
    void whoTakesAParkedClusterOverClaimsItInItsTermUntilTheBusHasIt() {
        fleet.watch(STATE, Past.none(TERM), at(0));
        fleet.park(NAME, unread(STATE.uid()), Past.none(TERM), at(2_000));
        ClusterHealth left = first.healths.getLast();

        Recorded second = new Recorded();
        second.refuses = true;
        Fleet next = fleet(second);
        next.park(NAME, unread(STATE.uid()), after(left), at(5_000));
        next.tick(at(5_250));
        assertThat(second.healths).hasSize(1);
        second.refuses = false;
        next.tick(at(6_250));
        next.tick(at(8_250));

        assertThat(second.healths)
                .hasSize(2)
                .allSatisfy(health -> assertThat(health).isEqualTo(left.in(new Term(2, "m2"))));
    }

    @Test
    void aForeignRecordOverThatOfAParkedClusterIsWrittenOverInAHigherTerm() {
        fleet.park(NAME, unread(STATE.uid()), Past.none(TERM), at(0));

        fleet.contradicted(NAME, new Term(4, "m1"), at(2_000));
        assertThat(first.healths.getLast().term()).isEqualTo(new Term(4, "m1"));
        assertThat(first.healths.getLast().conditions()).containsKey(Parking.PARKED);

        fleet.watch(STATE, Past.none(new Term(4, "m1")), at(4_000));
        fleet.tick(at(6_000));
        assertThat(first.healths.getLast().term()).isEqualTo(new Term(4, "m1"));
    }

    @Test
    void aParkingThatWasToldAndNeverWrittenHasAnEnd() {
        fleet.watch(STATE, Past.none(TERM), at(0));
        fleet.tick(at(1_000));
        ClusterHealth left = first.healths.getLast();
        fleet.park(NAME, unread(STATE.uid()), Past.none(TERM), at(2_000));
        Fact parked = told(first, WatchParked.class).getFirst();

        Recorded second = new Recorded();
        fleet(second).watch(STATE, after(left, parked), at(6_000));
        Fact resumed = told(second, WatchResumed.class).getFirst();
        assertThat(resumed.event()).isEqualTo(new WatchResumed(4_000));

        Recorded third = new Recorded();
        Fleet last = fleet(third);
        last.watch(STATE, after(left, parked, resumed), at(8_000));
        assertThat(told(third, WatchResumed.class)).isEmpty();
        last.park(NAME, unread(STATE.uid()), Past.none(TERM), at(9_000));
        assertThat(told(third, WatchParked.class)).extracting(fact -> fact.id()).doesNotContain(parked.id());
    }

    private static Past after(ClusterHealth left, Fact... later) {
        return new Past(left, List.of(later), left.lastEvent(), left.term().next("m2"));
    }

    private static Fleet fleet(Recorded recorded) {
        return new Fleet(recorded, recorded, new FleetSettings("m1", Duration.ofSeconds(10)), Orders.FAULTLESS, at(0));
    }

    private static void refused(Fleet fleet, long millis) {
        fleet.observe(NAME, new Observation.Answered(Orders.R2, new Reply.Refused(), null), at(millis));
    }

    private static Unread unread(@Nullable ClusterUid uid) {
        return new Unread(AT, uid, "schema 2", false);
    }

    private static List<Fact> told(Recorded recorded, Class<?> type) {
        Stream<Fact> of = recorded.facts.stream().filter(fact -> type.isInstance(fact.event()));
        return of.filter(fact -> fact.about().cluster().equals(NAME) || fact.event() instanceof FleetEvent)
                .toList();
    }
}
