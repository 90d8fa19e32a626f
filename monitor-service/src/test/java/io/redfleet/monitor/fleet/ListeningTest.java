package io.redfleet.monitor.fleet;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.cluster.WatchMode;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.health.Term;
import io.redfleet.monitor.MonitReport;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.watch.Observation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A fleet that ticks hears a Monit fall silent, and holds nobody's silence against him that is its own. */
class ListeningTest {
    private static final FleetSettings SETTINGS = new FleetSettings("m1", Duration.ofSeconds(10));
    private static final ClusterName CLUSTER = Orders.state().name();
    private static final WatchEvent SILENCE = new WatchEvent.CheckFailed("r1 monit: no report for 1 minute", 1, 1);

    /** A minute, what may be on its way, and a second between two looks. */
    private static final long TOO_LATE = 77_250;

    private final Recorded recorded = new Recorded();
    private Fleet fleet = new Fleet(recorded, recorded, SETTINGS, Orders.FAULTLESS, at(0));

    @Test
    void silenceIsToldOnce() {
        watched(0, Past.none(new Term(1, "m1")));
        report(1_000);
        tick(1_000, 70_000);
        assertThat(told()).isEmpty();
        tick(70_250, 300_000);
        assertThat(told()).containsExactly(SILENCE);
    }

    @Test
    void aTiltIsOursAndNobodyElsesSilence() {
        watched(0, Past.none(new Term(1, "m1")));
        report(1_000);
        tick(1_000, 50_000);
        tick(60_000, 95_000);
        assertThat(fleet.tilted()).isFalse();
        tick(95_250, 160_000);
        assertThat(told()).as("it was not heard in the tilt, nor could it be").isEmpty();
        tick(160_250, 95_000 + TOO_LATE);
        assertThat(told()).containsExactly(SILENCE);
    }

    @Test
    void whileTheBusIsAwayNobodyIsSilent() {
        watched(0, Past.none(new Term(1, "m1")));
        report(1_000);
        for (long now = 1_250; now <= 200_000; now += 250) {
            fleet.observe(CLUSTER, new Observation.Deaf(), at(now));
            fleet.tick(at(now));
        }
        tick(200_250, 270_000);
        assertThat(told()).isEmpty();
        tick(270_250, 200_000 + TOO_LATE);
        assertThat(told()).containsExactly(SILENCE);
    }

    @Test
    void nobodyIsMissedOfAClusterThatIsRemoved() {
        watched(0, Past.none(new Term(1, "m1")));
        report(1_000);
        tick(1_000, 30_000);
        fleet.watch(Orders.state("orders", Phase.REMOVING, WatchMode.AUTO), Past.none(new Term(1, "m1")), at(30_000));
        tick(30_250, 200_000);
        fleet.removed(CLUSTER);
        tick(200_250, 400_000);
        assertThat(told()).isEmpty();
    }

    @Test
    void theNextOwnerGoesOnFromHealthAndTellsItNotAgain() {
        watched(0, Past.none(new Term(1, "m1")));
        report(1_000);
        tick(1_000, 100_000);
        assertThat(told()).containsExactly(SILENCE);

        Past past = new Past(recorded.healths.getLast(), List.of(), null, new Term(2, "m2"));
        fleet = new Fleet(
                recorded, recorded, new FleetSettings("m2", Duration.ofSeconds(10)), Orders.FAULTLESS, at(110_000));
        watched(110_000, past);
        tick(110_250, 300_000);
        assertThat(told()).containsExactly(SILENCE);

        report(300_000);
        assertThat(told()).containsExactly(SILENCE, new WatchEvent.CheckSucceeded("r1 monit: no report for 1 minute"));
    }

    private void watched(long millis, Past past) {
        fleet.started(at(millis));
        fleet.watch(Orders.state(), past, at(millis));
    }

    private void report(long millis) {
        fleet.observe(CLUSTER, MonitReport.of("r1", millis).seen(), at(millis));
    }

    private void tick(long from, long to) {
        for (long millis = from; millis <= to; millis += 250) {
            fleet.tick(at(millis));
        }
    }

    private List<Event> told() {
        return recorded.facts.stream()
                .map(Fact::event)
                .filter(event -> event instanceof WatchEvent.CheckFailed || event instanceof WatchEvent.CheckSucceeded)
                .filter(event -> event.toString().contains(" monit: "))
                .toList();
    }
}
