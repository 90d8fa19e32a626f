package io.redfleet.monitor.watch;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.FailoverEvent;
import io.redfleet.contracts.health.BegunFailover;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.failover.SentinelLine;
import io.redfleet.monitor.probe.Reply;
import io.redfleet.monitor.probe.Standing;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A failover begins to be told by one owner and ends under another: one end, under the same id. */
class BegunFailoverTest {
    private static final String MASTER = "master orders 127.0.0.1 6300";
    private static final String SWITCH = "orders 127.0.0.1 6300 127.0.0.1 6301";
    private static final String ID = "orders-uid-failover-2";

    private final Watched watched = new Watched();
    private int lines;
    private ClusterHealth before = HealthRecord.of(watched.watch, at(0).wall(), null);

    /** What the former owner has left of the beginning when it dies. */
    enum Left {
        IN_HEALTH,
        IN_EVENTS
    }

    @ParameterizedTest
    @EnumSource
    void itsLeaderGivesItUp(Left left) {
        begins();
        watched.published("+elected-leader", MASTER, 5_100);
        succeed(left, 6_000);
        watched.published("-failover-abort-slave-timeout", MASTER, 7_000);

        assertThat(ends()).containsExactly(new FailoverEvent.Aborted(2, "slave-timeout"));
        assertThat(failovers()).allMatch(fact -> fact.about().correlation().equals(ID));
    }

    @ParameterizedTest
    @EnumSource
    void itsCandidateIsNotElected(Left left) {
        begins();
        succeed(left, 6_000);
        watched.published("-failover-abort-not-elected", MASTER, 7_000);
        assertThat(ends()).as("another may be elected").isEmpty();
        looks(8_000, 90_000);

        assertThat(ends()).containsExactly(new FailoverEvent.Aborted(2, "not-elected"));
    }

    @Test
    void aCandidateThatGivesUpWhileAnotherIsElectedEndsNothing() {
        begins();
        watched.published("-failover-abort-not-elected", MASTER, 6_000);
        second("+new-epoch", "2", 6_100);
        second("+try-failover", MASTER, 6_100);
        second("+elected-leader", MASTER, 6_200);
        looks(7_000, 15_000);
        assertThat(ends()).isEmpty();
        second("+switch-master", SWITCH, 15_500);

        assertThat(ends()).containsExactly(new FailoverEvent.Switched(2, Orders.address(1), Orders.address(2), false));
    }

    /** Its witness spoke of the first attempt last; what it published of the second was lost. */
    @Test
    void aSwitchAfterAnAttemptThatWasGivenUpIsThatOfTheNextOne() {
        begins();
        second("+new-epoch", "2", 5_100);
        watched.published("-failover-abort-not-elected", MASTER, 6_000);
        looks(7_000, 9_000);
        watched.published("+new-epoch", "3", 10_000);
        watched.published("+try-failover", MASTER, 10_000);
        second("+switch-master", SWITCH, 11_000);

        assertThat(ends())
                .containsExactly(
                        new FailoverEvent.Aborted(2, "not-elected"),
                        new FailoverEvent.Switched(3, Orders.address(1), Orders.address(2), false));
    }

    @Test
    void anAttemptThatAnotherHasOvertakenIsGivenUpAndDoesNotSwitch() {
        begins();
        second("+new-epoch", "3", 7_000);
        second("+try-failover", MASTER, 7_000);
        second("+switch-master", SWITCH, 8_000);
        watched.published("+switch-master", SWITCH, 8_100);
        looks(9_000, 90_000);

        assertThat(ends())
                .containsExactly(
                        new FailoverEvent.Switched(3, Orders.address(1), Orders.address(2), false),
                        new FailoverEvent.Aborted(2, "unheard"));
    }

    /** A restart of the master need not wait for Sentinel: it has found nobody to promote. */
    @Test
    void thatNobodyCouldBePromotedIsRememberedFromAnEvent() {
        begins();
        watched.published("+elected-leader", MASTER, 5_100);
        watched.published("-failover-abort-no-good-slave", MASTER, 6_000);
        succeed(Left.IN_EVENTS, 7_000);

        assertThat(watched.watch.chronicle().futile(Orders.address(1), at(2_000)))
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void nothingMoreIsHeardOfIt(Left left) {
        begins();
        succeed(left, 6_000);
        looks(7_000, 30_000);
        assertThat(ends()).isEmpty();
        looks(31_000, 90_000);

        assertThat(ends()).containsExactly(new FailoverEvent.Aborted(2, "unheard"));
        assertThat(failovers()).allMatch(fact -> fact.about().correlation().equals(ID));
    }

    @ParameterizedTest
    @EnumSource
    void aSwitchThatNobodyPublishedToUsEndsIt(Left left) {
        begins();
        succeed(left, 6_000);
        for (long millis = 7_000; millis <= 60_000; millis += 1_000) {
            watched.failedOver(millis);
            watched.see(new Observation.Looked(), millis);
        }

        assertThat(ends())
                .hasSize(2)
                .startsWith(new FailoverEvent.Switched(2, Orders.address(1), Orders.address(2), true));
        assertThat(watched.reports())
                .singleElement()
                .satisfies(report -> assertThat(report.id()).isEqualTo(ID));
        assertThat(failovers()).allMatch(fact -> fact.about().correlation().equals(ID));
    }

    @ParameterizedTest
    @EnumSource
    void aSwitchThatAnotherSentinelPublishesEndsIt(Left left) {
        begins();
        succeed(left, 6_000);
        SentinelLine line = SentinelLine.parse("+switch-master", "orders 127.0.0.1 6300 127.0.0.1 6301");
        watched.see(new Observation.Published(Orders.S2, line, "s2-1"), 6_500);
        for (long millis = 7_000; millis <= 60_000; millis += 1_000) {
            watched.failedOver(millis);
            watched.see(new Observation.Looked(), millis);
        }

        assertThat(ends())
                .hasSize(2)
                .startsWith(new FailoverEvent.Switched(2, Orders.address(1), Orders.address(2), false));
    }

    /** It is that of a later attempt, whose beginning was lost between two owners. */
    @Test
    void oneSwitchIsToldOnceWhicheverEpochItIsHeardUnder() {
        begins();
        succeed(Left.IN_HEALTH, 6_000);
        SentinelLine line = SentinelLine.parse("+switch-master", "orders 127.0.0.1 6300 127.0.0.1 6301");
        watched.see(new Observation.Published(Orders.S2, line, "s2-1"), 6_500);
        for (long millis = 7_000; millis <= 60_000; millis += 1_000) {
            watched.see(new Observation.Stood(Orders.R2, Standing.master(200, 1)), millis);
            for (int sentinel = 1; sentinel <= 3; sentinel++) {
                watched.see(new Observation.Viewed(Orders.view(sentinel, 2, 3, at(millis))), millis);
            }
            watched.see(new Observation.Looked(), millis);
        }

        assertThat(ends()).filteredOn(FailoverEvent.Switched.class::isInstance).hasSize(1);
    }

    @Test
    void severalOwnersInARowStillTellOneEnd() {
        begins();
        succeed(Left.IN_EVENTS, 6_000);
        succeed(Left.IN_HEALTH, 7_000);
        succeed(Left.IN_HEALTH, 8_000);
        looks(9_000, 90_000);

        assertThat(ends()).containsExactly(new FailoverEvent.Aborted(2, "unheard"));
    }

    @Test
    void onlyWhatHasNoEndIsCarried() {
        begins();
        assertThat(carried()).containsExactly(new BegunFailover(ID, 2, Orders.address(1), null));
        watched.published("+elected-leader", MASTER, 5_100);
        assertThat(carried()).containsExactly(new BegunFailover(ID, 2, Orders.address(1), Orders.S1));
        watched.published("-failover-abort-no-good-slave", MASTER, 6_000);
        assertThat(carried()).isEmpty();

        watched.published("+new-epoch", "3", 7_000);
        watched.published("+try-failover", MASTER, 7_000);
        assertThat(carried()).hasSize(1);
        watched.published("+switch-master", "orders 127.0.0.1 6300 127.0.0.1 6301", 8_000);
        assertThat(carried()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void whatTheFormerOwnerHasEndedEndsNoSecondTime(Left left) {
        begins();
        watched.published("-failover-abort-not-elected", MASTER, 6_000);
        looks(7_000, 8_000);
        succeed(left, 9_000);
        looks(10_000, 90_000);

        assertThat(ends()).isEmpty();
    }

    /** It comes late from an owner that stood still: we have told more already. */
    @Test
    void aBeginningThatComesAfterTheSwitchBeginsNothing() {
        begins();
        List<Fact> late = List.copyOf(failovers());
        watched.facts.clear();
        watched.watch = HealthRecord.restore(Orders.roster(), before, at(6_000));
        for (long millis = 7_000; millis <= 20_000; millis += 1_000) {
            watched.failedOver(millis);
            watched.see(new Observation.Looked(), millis);
        }
        assertThat(ends()).hasSize(2);
        watched.watch = Folding.fold(watched.watch, late, at(21_000));
        looks(22_000, 90_000);

        assertThat(ends()).hasSize(2);
    }

    private void begins() {
        watched.well(1_000);
        watched.answer(Orders.R1, new Reply.Refused(), 2_000);
        before = HealthRecord.of(watched.watch, at(2_000).wall(), null);
        watched.facts.clear();
        watched.published("+new-epoch", "2", 5_000);
        watched.published("+try-failover", MASTER, 5_000);
        assertThat(failovers())
                .extracting(Fact::event)
                .containsExactly(new FailoverEvent.Started(2, Orders.address(1)));
    }

    /** By s2. */
    private void second(String channel, String payload, long millis) {
        String ordinal = "s2-" + ++lines;
        watched.see(new Observation.Published(Orders.S2, SentinelLine.parse(channel, payload), ordinal), millis);
    }

    private void succeed(Left left, long millis) {
        ClusterHealth health = left == Left.IN_HEALTH
                ? HealthRecord.of(watched.watch, at(millis).wall(), null)
                : before;
        List<Fact> later = left == Left.IN_HEALTH ? List.of() : List.copyOf(watched.facts);
        watched.watch = Folding.fold(HealthRecord.restore(Orders.roster(), health, at(millis)), later, at(millis));
        watched.facts.clear();
    }

    private void looks(long from, long until) {
        for (long millis = from; millis <= until; millis += 1_000) {
            watched.views(Set.of(), true, millis);
            watched.see(new Observation.Looked(), millis);
        }
    }

    private List<BegunFailover> carried() {
        return HealthRecord.of(watched.watch, at(0).wall(), null).failovers();
    }

    private List<Fact> failovers() {
        return watched.facts.stream()
                .filter(fact -> fact.event() instanceof FailoverEvent)
                .toList();
    }

    /** What tells that a failover is over, or nearly. */
    private List<Event> ends() {
        return failovers().stream()
                .map(Fact::event)
                .filter(event -> event instanceof FailoverEvent.Switched
                        || event instanceof FailoverEvent.Completed
                        || event instanceof FailoverEvent.Aborted)
                .toList();
    }
}
