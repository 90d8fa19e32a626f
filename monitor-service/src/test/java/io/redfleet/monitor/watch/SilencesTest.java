package io.redfleet.monitor.watch;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.cluster.WatchMode;
import io.redfleet.contracts.cluster.WatchSpec.Compat;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.WatchEvent.CheckFailed;
import io.redfleet.contracts.event.WatchEvent.CheckSucceeded;
import io.redfleet.contracts.event.WatchEvent.MonitStarted;
import io.redfleet.contracts.event.WatchEvent.MonitStopped;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.monitor.MonitReport;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.roster.Roster;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A Monit that reported, and does not. It polls every 20 s: three of them are the least that is allowed. */
class SilencesTest {
    private static final String SILENT = "r1 monit: no report for 1 minute";
    private static final String ABSENT = "r1 monit sleeper: Does not exist";
    private static final CheckFailed SILENCE = new CheckFailed(SILENT, 1, 1);
    private static final CheckSucceeded HEARD = new CheckSucceeded(SILENT);

    /** From the last report to the first look at which it is too late. */
    private static final long TOO_LATE =
            Witnesses.LEAST.plus(Witnesses.UNDER_WAY).toMillis();

    private final Watched watched = new Watched();

    @ParameterizedTest(name = "a poll of {0} s")
    @CsvSource({
        "-5, 60",
        "0, 60",
        "1, 60",
        "20, 60",
        "21, 63",
        "30, 90",
        "60, 180",
        "86400, 259200",
        "1000000000, 259200",
        "-9223372036854775808, 60",
        "9223372036854775807, 259200"
    })
    void threePollsAreAllowedAndNeverLessThanAMinuteOrMoreThanThreeDays(long poll, long seconds) {
        Witnesses.Witness witness = witness(Witnesses.NONE.heard(new HostName("r1"), poll, at(0)));
        assertThat(witness.stopped()).isFalse();
        assertThat(witness.allowed()).isEqualTo(Duration.ofSeconds(seconds));
        long tooLate = (seconds + Witnesses.UNDER_WAY.toSeconds()) * 1_000;
        assertThat(witness.overdue(at(tooLate - 1))).isFalse();
        assertThat(witness.overdue(at(tooLate))).isTrue();
    }

    @ParameterizedTest(name = "{0} s")
    @CsvSource({
        "60, 1 minute",
        "63, 63 seconds",
        "90, 90 seconds",
        "180, 3 minutes",
        "3600, 1 hour",
        "5400, 90 minutes",
        "259200, 72 hours"
    })
    void howLongIsSaidInWords(long seconds, String words) {
        assertThat(Silences.words(Duration.ofSeconds(seconds))).isEqualTo(words);
    }

    @Test
    void silenceIsToldOnceAndSoIsItsEnd() {
        hear(of(0));
        look(0, TOO_LATE - 1_000);
        assertThat(told()).isEmpty();

        look(TOO_LATE, 300_000);
        assertThat(told()).containsExactly(SILENCE);
        assertThat(watched.facts.getLast().about()).satisfies(about -> {
            assertThat(about.instance()).isNull();
            assertThat(about.reason())
                    .isEqualTo("r1: nothing has come from its Monit for 1 minute; what it said last stands");
        });

        hear(of(301_000));
        look(301_000, 310_000);
        assertThat(told()).containsExactly(SILENCE, HEARD);
        assertThat(watched.asks).isEmpty();
    }

    @Test
    void eachSilenceIsOneOfItsOwn() {
        for (int i = 0; i < 5; i++) {
            hear(of(200_000L * i));
            look(200_000L * i, 200_000L * i + 190_000);
        }
        assertThat(told()).hasSize(9);
        assertThat(watched.facts.stream().map(fact -> fact.id())).doesNotHaveDuplicates();
    }

    @Test
    void whoReportsInTimeIsNotSilent() {
        for (long now = 0; now <= 600_000; now += 60_000) {
            hear(of(now));
            look(now, now + 59_000);
        }
        assertThat(told()).isEmpty();
    }

    @Test
    void aHostThatNeverReportedIsNotMissed() {
        look(0, 600_000);
        assertThat(told()).isEmpty();
        assertThat(health(600_000).counters().keySet()).noneMatch(key -> key.startsWith(Witnesses.KEY));
    }

    @Test
    void itsLastWordStandsThroughItsSilence() {
        hear(of(0).sleeperAbsent());
        look(0, 200_000);
        hear(of(201_000).sleeperAbsent());
        look(201_000, 210_000);
        assertThat(told()).containsExactly(new CheckFailed(ABSENT, 1, 1), SILENCE, HEARD);

        hear(of(211_000));
        assertThat(told()).endsWith(new CheckSucceeded(ABSENT));
    }

    @Test
    void aLongPollIsAllowedToTakeLong() {
        hear(of(0).poll(60));
        look(0, 195_000);
        assertThat(told()).isEmpty();
        look(196_000, 197_000);
        assertThat(told()).containsExactly(new CheckFailed("r1 monit: no report for 3 minutes", 1, 1));

        hear(of(198_000).poll(5));
        assertThat(told())
                .as("in the words in which it began")
                .endsWith(new CheckSucceeded("r1 monit: no report for 3 minutes"));
        look(198_000, 198_000 + TOO_LATE);
        assertThat(told()).endsWith(SILENCE);
    }

    @Test
    void eachHostIsSilentForItself() {
        hear(of(0));
        hear(MonitReport.of("r2", 0));
        look(0, 50_000);
        hear(MonitReport.of("r2", 50_000));
        look(51_000, 100_000);
        assertThat(told()).containsExactly(SILENCE);
    }

    @Test
    void whatComesLateOrTwiceIsNoSignOfLife() {
        hear(of(0));
        look(0, 20_000);
        hear(of(20_000));
        look(20_000, 40_000);
        see(of(20_000), 40_000);
        see(of(0).received(35_000), 41_000);
        look(41_000, 20_000 + TOO_LATE - 1_000);
        assertThat(told()).isEmpty();
        look(20_000 + TOO_LATE, 20_000 + TOO_LATE);
        assertThat(told()).containsExactly(SILENCE);

        see(of(20_000), 100_000);
        see(of(0).received(99_000), 100_000);
        assertThat(told()).as("nor its end").containsExactly(SILENCE);
    }

    /** It lay somewhere while another run began. */
    @Test
    void whatAnEarlierRunSaidIsNoSignOfLife() {
        hear(of(0).run(10));
        look(0, 20_000);
        hear(of(20_000).run(20));
        look(20_000, 40_000);
        see(of(10_000).run(10).sleeperAbsent(), 40_000);
        see(of(10_000).run(10).stopping(), 40_000);
        look(41_000, 20_000 + TOO_LATE);
        assertThat(told()).containsExactly(SILENCE);
    }

    /** And Monit was started anew then: its start lies before that of the run that was heard. */
    @Test
    void aRunThatBeganBeforeTheOneThatWasHeardCountsIfTheHostsClockWasSetBack() {
        hear(of(0).run(50));
        look(0, 10_000);
        for (long now = 10_000; now <= 200_000; now += 20_000) {
            see(of(now).observed(now - 5_000).run(40), now);
            look(now, now + 19_000);
        }
        assertThat(told()).isEmpty();
    }

    /** A slow cycle of Monit: it reports on time, and has seen nothing new. */
    @Test
    void aReportWithoutNewsIsASignOfLife() {
        for (long now = 0; now <= 200_000; now += 20_000) {
            see(of(now).observed(0), now);
            look(now, now + 19_000);
        }
        assertThat(told()).isEmpty();
    }

    /** Two gateways, of which one has a clock that is behind. */
    @Test
    void whatHasSeenSomethingNewIsASignOfLifeWhateverTheGatewaysClockSays() {
        hear(of(0).received(60_000));
        look(0, 20_000);
        for (long now = 20_000; now <= 200_000; now += 20_000) {
            see(of(now).received(now - 60_000), now);
            look(now, now + 19_000);
        }
        assertThat(told()).isEmpty();
    }

    @Test
    void aStopIsToldAtOnceAndNobodyMissesIt() {
        hear(of(0));
        look(0, 20_000);
        hear(of(20_000).stopping());
        assertThat(told()).containsExactly(new MonitStopped("r1"));
        see(of(20_000).stopping().received(21_000), 21_000);
        look(22_000, 600_000);
        assertThat(told()).containsExactly(new MonitStopped("r1"));

        hear(of(601_000).run(2));
        hear(of(621_000).run(2));
        look(622_000, 1_000_000);
        assertThat(told()).containsExactly(new MonitStopped("r1"), new MonitStarted("r1"), SILENCE);
    }

    /** Its own heartbeat, under way while it said that it stops. */
    @Test
    void whatItPostedBeforeItsStopDoesNotBringItBack() {
        hear(of(0));
        hear(of(20_000).stopping());
        see(of(19_000).received(20_500), 21_000);
        look(21_000, 600_000);
        assertThat(told()).containsExactly(new MonitStopped("r1"));
    }

    @Test
    void aStopOfAnEarlierRunThatLayInItsQueueIsNone() {
        hear(of(0));
        long started = at(100_000).wall().getEpochSecond();
        see(of(101_000).run(started).says("Monit 5.33.0 stopped", 50_000), 101_000);
        look(101_000, 101_000 + TOO_LATE);
        assertThat(told()).containsExactly(SILENCE);
    }

    @ParameterizedTest
    @CsvSource({"Monit 5.33.0 started", "Monit reloaded", "Monit 5.33.0 stopped by nobody", "''"})
    void whateverElseItSaysOfItselfIsNoStop(String message) {
        hear(of(0).says(message, 0));
        look(0, TOO_LATE);
        assertThat(told()).containsExactly(SILENCE);
    }

    @Test
    void aStopEndsASilenceToo() {
        hear(of(0));
        look(0, 100_000);
        hear(of(101_000).stopping());
        look(101_000, 300_000);
        assertThat(told()).containsExactly(SILENCE, HEARD, new MonitStopped("r1"));
    }

    @Test
    void aHostThatStopsAllTheTimeIsToldOfUpToABound() {
        for (int i = 0; i < 300; i++) {
            MonitReport report = of(100L * i);
            hear(i % 2 == 0 ? report : report.stopping());
        }
        assertThat(told()).hasSize(Reports.MOST_A_MINUTE);
        look(30_000, 600_000);
        assertThat(told()).as("its last word was a stop").hasSize(Reports.MOST_A_MINUTE);

        hear(of(601_000));
        look(601_000, 601_000 + TOO_LATE);
        assertThat(told()).endsWith(SILENCE);
    }

    @Test
    void aTakeoverNeitherRepeatsNorForgetsASilence() {
        hear(of(0));
        look(0, 100_000);
        takeOver(health(100_000), Orders.roster(), 110_000);
        look(110_000, 400_000);
        assertThat(told()).containsExactly(SILENCE);

        hear(of(401_000));
        assertThat(told()).containsExactly(SILENCE, HEARD);
    }

    @Test
    void afterATakeoverSilenceIsCountedFromIt() {
        hear(of(0));
        look(0, 50_000);
        takeOver(health(50_000), Orders.roster(), 200_000);
        look(200_000, 200_000 + TOO_LATE - 1_000);
        assertThat(told()).isEmpty();
        look(200_000 + TOO_LATE, 200_000 + TOO_LATE);
        assertThat(told()).containsExactly(SILENCE);
    }

    @Test
    void aTakeoverRemembersWhoStopped() {
        hear(of(0));
        hear(of(20_000).stopping());
        takeOver(health(30_000), Orders.roster(), 40_000);
        look(40_000, 600_000);
        hear(of(601_000).run(2));
        assertThat(told()).containsExactly(new MonitStopped("r1"), new MonitStarted("r1"));
    }

    @Test
    void whatWasToldAfterTheLastHealthIsNotToldAgain() {
        hear(of(0));
        look(0, 50_000);
        ClusterHealth before = health(50_000);
        look(51_000, 100_000);
        crash(before, 101_000);
        look(101_000, 400_000);
        assertThat(told()).containsExactly(SILENCE);

        hear(of(401_000));
        crash(before, 402_000);
        look(402_000, 450_000);
        assertThat(told()).containsExactly(SILENCE, HEARD);
    }

    @Test
    void aStopThatWasToldAfterTheLastHealthIsNoSilence() {
        hear(of(0));
        ClusterHealth before = health(1_000);
        hear(of(20_000).stopping());
        crash(before, 25_000);
        look(25_000, 600_000);
        assertThat(told()).containsExactly(new MonitStopped("r1"));

        hear(of(601_000).run(2));
        crash(before, 602_000);
        hear(of(621_000).run(2));
        assertThat(told()).containsExactly(new MonitStopped("r1"), new MonitStarted("r1"));
    }

    @Test
    void whileTheBusIsAwayNobodyIsSilent() {
        hear(of(0));
        look(0, 30_000);
        for (long now = 30_000; now <= 300_000; now += 1_000) {
            watched.see(new Observation.Deaf(), now);
            look(now, now);
        }
        look(301_000, 300_000 + TOO_LATE - 1_000);
        assertThat(told()).isEmpty();
        look(300_000 + TOO_LATE, 300_000 + TOO_LATE);
        assertThat(told()).containsExactly(SILENCE);
    }

    @Test
    void whileWeDidNotLookNobodyWasSilent() {
        hear(of(0));
        look(0, 30_000);
        look(70_000, 70_000 + TOO_LATE - 1_000);
        assertThat(told()).isEmpty();
        look(70_000 + TOO_LATE, 70_000 + TOO_LATE);
        assertThat(told()).containsExactly(SILENCE);
    }

    @Test
    void aHostThatLeavesTheClusterIsNotMissed() {
        hear(of(0));
        hear(MonitReport.of("r2", 0));
        look(0, 50_000);
        hear(MonitReport.of("r2", 50_000));
        watched.see(new Observation.Reassigned(withoutR1()), 51_000);
        look(51_000, 100_000);
        assertThat(told()).isEmpty();
        assertThat(health(100_000).counters())
                .containsKey(Witnesses.KEY + "r2")
                .doesNotContainKey(Witnesses.KEY + "r1");
    }

    @Test
    void theSilenceOfAHostThatLeavesIsOver() {
        hear(of(0));
        look(0, 100_000);
        watched.see(new Observation.Reassigned(withoutR1()), 101_000);
        look(101_000, 300_000);
        assertThat(told()).containsExactly(SILENCE, HEARD);
        assertThat(watched.facts.stream()
                        .filter(fact -> fact.event().equals(HEARD))
                        .map(fact -> fact.about().reason()))
                .containsExactly("no host of the cluster any more: " + SILENT);
    }

    @Test
    void itIsOverAlsoIfTheHostLeftWhileNobodyWatched() {
        hear(of(0).sleeperAbsent());
        look(0, 100_000);
        takeOver(health(100_000), withoutR1(), 110_000);
        look(110_000, 400_000);
        assertThat(told())
                .containsExactlyInAnyOrder(new CheckFailed(ABSENT, 1, 1), SILENCE, HEARD, new CheckSucceeded(ABSENT));
    }

    @Test
    void nobodyIsMissedOfAClusterThatIsBeingRemoved() {
        hear(of(0));
        look(0, 50_000);
        Roster removing = Roster.of(Orders.state("orders", Phase.REMOVING, WatchMode.AUTO));
        watched.see(new Observation.Reassigned(removing), 51_000);
        look(51_000, 300_000);
        assertThat(told()).isEmpty();
    }

    @Test
    void whateverHealthSaysOfReportsAWatchGoesOnFromIt() {
        Map<String, Long> counters = new HashMap<>(Map.of(
                Witnesses.KEY + "r1", Long.MIN_VALUE,
                Witnesses.KEY + "r2", Long.MAX_VALUE,
                Witnesses.KEY + "r3", 0L,
                Witnesses.KEY + "r9", 20L,
                Witnesses.KEY + "not a host", 20L));
        takeOver(with(health(0), counters), Orders.roster(), 1_000);
        look(1_000, 1_000 + TOO_LATE);
        assertThat(told()).containsExactly(SILENCE);
        assertThat(health(100_000).counters())
                .containsEntry(Witnesses.KEY + "r1", 1L)
                .containsEntry(Witnesses.KEY + "r2", 86_400L)
                .containsEntry(Witnesses.KEY + "r3", 0L)
                .doesNotContainKey(Witnesses.KEY + "r9")
                .doesNotContainKey(Witnesses.KEY + "not a host");
    }

    /** A check of the cluster's own may be called so; a service of a Monit cannot. */
    @Test
    void aSilenceIsNotMixedUpWithARuleOfAnotherKind() {
        watched.watch = ClusterWatch.fresh(
                Orders.roster("check system monit\n  if memory > 90% then alert\n", Compat.REDFLEET), at(0));
        hear(of(0));
        look(0, 50_000);
        ClusterHealth before = health(50_000);
        look(51_000, 100_000);
        crash(before, 101_000);
        hear(of(102_000));
        assertThat(told()).containsExactly(SILENCE, HEARD);
    }

    private static MonitReport of(long millis) {
        return MonitReport.of("r1", millis);
    }

    /** When it was observed. */
    private void hear(MonitReport report) {
        see(report, report.observed());
    }

    private void see(MonitReport report, long millis) {
        watched.see(report.seen(), millis);
    }

    /** Once a second. */
    private void look(long from, long to) {
        for (long now = from; now <= to; now += 1_000) {
            watched.see(new Observation.Looked(), now);
        }
    }

    private ClusterHealth health(long millis) {
        return HealthRecord.of(watched.watch, at(millis).wall(), null);
    }

    private void takeOver(ClusterHealth health, Roster roster, long millis) {
        watched.watch = HealthRecord.restore(roster, health, at(millis));
    }

    /** Another goes on from this record and all that was told since the beginning. */
    private void crash(ClusterHealth health, long millis) {
        takeOver(health, watched.watch.roster(), millis);
        watched.watch = Folding.fold(watched.watch, List.copyOf(watched.facts), at(millis));
    }

    private static ClusterHealth with(ClusterHealth health, Map<String, Long> counters) {
        return new ClusterHealth(
                health.schema(),
                health.cluster(),
                health.uid(),
                health.at(),
                health.verdict(),
                health.instances(),
                health.conditions(),
                counters,
                null);
    }

    private static Witnesses.Witness witness(Witnesses witnesses) {
        return witnesses.all().values().iterator().next();
    }

    private static Roster withoutR1() {
        ClusterState state = Orders.state();
        ClusterSpec spec = state.spec();
        ClusterSpec without = new ClusterSpec(
                spec.name(),
                spec.labels(),
                spec.redis(),
                spec.durability(),
                spec.sentinel(),
                spec.hosts().stream()
                        .filter(host -> !host.name().value().equals("r1"))
                        .toList(),
                new HostName("r2"),
                spec.service(),
                spec.watch(),
                spec.security());
        return Roster.of(new ClusterState(
                state.schema(), state.uid(), 2, state.phase(), state.reason(), state.since(), without));
    }

    private List<Event> told() {
        return watched.facts.stream()
                .map(Fact::event)
                .filter(event -> event instanceof CheckFailed
                        || event instanceof CheckSucceeded
                        || event instanceof MonitStopped
                        || event instanceof MonitStarted)
                .toList();
    }
}
