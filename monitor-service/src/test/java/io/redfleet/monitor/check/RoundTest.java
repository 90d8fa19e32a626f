package io.redfleet.monitor.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.monitrc.Monitrc;
import io.redfleet.monitrc.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Monit's timelines do not show, or not in a few cycles. */
class RoundTest {
    private static final String SERVICE = "check process a with pidfile /run/a.pid\n";
    private static final Seen ABSENT = new Seen(Presence.ABSENT, List.of());

    /**
     * X: absent, .: present. R: a restart, -: nothing, T: the limit is told, U: told and unmonitored, |: not watched any more.
     */
    @ParameterizedTest(name = "{0} with {1} gives {2}")
    @CsvSource(
            delimiter = ';',
            value = {
                "XXXXX.;        if 5 restarts within 5 cycles then timeout; RRRRRU",
                "XXXX..XXX;     if 5 restarts within 5 cycles then timeout; RRRR--RRR",
                "XX.XXXX;       if 5 restarts within 5 cycles then timeout; RR-RRRR",
                "XXXXXXX;       if 5 restarts within 5 cycles then timeout; RRRRRU|",
                "X.....XXXXXX;  if 5 restarts within 5 cycles then timeout; R-----RRRRRU",
                // Tiers: the lower one is told in every cycle in which it holds, and what is failed is still restarted.
                "XXXXXXX;       if 2 restarts within 4 cycles then alert if 5 restarts within 5 cycles then timeout; RRTTTU|",
                // Without a limit nothing is counted.
                "XXXXXXXX;      group g; RRRRRRRR",
            })
    void restartsAreCountedInATumblingWindow(String cycles, String rule, String expected) {
        assertThat(said(new Ground(SERVICE + rule), cycles)).isEqualTo(expected);
    }

    /** The same cycles under both: {@code tumbling} as Monit, {@code sliding} by each cycle's own last ones. */
    @ParameterizedTest(name = "{0} with {1} gives {2}, and {3} where it slides")
    @CsvSource(
            delimiter = ';',
            value = {
                "XXXXX.;     if 5 restarts within 5 cycles then timeout; RRRRRU;    RRRRRU",
                "XXXX..XXX;  if 5 restarts within 5 cycles then timeout; RRRR--RRR; RRRR--RRR",
                // The window that the first one opened closes before the third: sliding, three of the last four are
                // seen.
                "X...XX.X.;  if 3 restarts within 4 cycles then timeout; R---RR-R-; R---RR-RU",
                "X..X..X.;   if 3 restarts within 6 cycles then timeout; R--R--R-;  R--R--R-",
                "X..X..X.;   if 3 restarts within 7 cycles then timeout; R--R--RU;  R--R--RU",
                "X.X.......X.X.X.; if 3 restarts within 5 cycles then timeout; R-R-------R-R-RU; R-R-------R-R-RU",
                "X....X.XX.; if 3 restarts within 5 cycles then timeout; R----R-RR-; R----R-RRU",
                // Told in every cycle in which it is so, and no window is closed by that.
                "XX.....;    if 2 restarts within 3 cycles then alert;   RRTT---;   RRTT---",
            })
    void aSlidingWindowMissesNoRow(String cycles, String rule, String tumbling, String sliding) {
        assertThat(said(new Ground(SERVICE + rule), cycles)).isEqualTo(tumbling);
        assertThat(said(new Ground(SERVICE + rule, 0, Window.EMPTY), cycles)).isEqualTo(sliding);
    }

    private static String said(Ground ground, String cycles) {
        StringBuilder said = new StringBuilder();
        for (int i = 0; i < cycles.length(); i++) {
            char seen = cycles.charAt(i);
            boolean watched = ground.state("a").watched() != Watched.NOT;
            Turn turn = ground.judge("a", seen == 'X' ? ABSENT : present(1));
            boolean told = turn.told().stream().anyMatch(event -> event.kind() == EventKind.TIMEOUT);
            boolean over = ground.state("a").watched() == Watched.NOT;
            said.append(!watched ? '|' : over ? 'U' : told ? 'T' : turn.deeds().isEmpty() ? '-' : 'R');
            ground.ended("a", "");
        }
        return said.toString();
    }

    @Test
    void aSlidingWindowLooksBackAsFarAsItsLimitAndNoFurther() {
        Window window = Window.EMPTY.attempted();
        for (int i = 0; i < Window.SLIDING_MAX; i++) {
            window = window.judged();
            assertThat(window.restartsWithin(i + 1)).isEqualTo(1);
            assertThat(window.restartsWithin(i)).isZero();
        }
        assertThat(window.judged()).as("forgotten").isEqualTo(Window.EMPTY);
        assertThat(Window.EMPTY.attempted().atLeast(3).judged().restartsWithin(3))
                .isEqualTo(3);
        assertThat(new Window(2, 4).atLeast(3)).isEqualTo(new Window(3, 4));
    }

    /** As Debian's Monit 5.33 did it when asked: the last limit of the file first, and nothing after an unmonitor. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "if 2 restarts within 4 cycles then alert if 2 restarts within 6 cycles then unmonitor; unmonitor",
                "if 2 restarts within 6 cycles then unmonitor if 2 restarts within 4 cycles then alert; alert, unmonitor"
            })
    void limitsAreLookedAtFromTheLastToTheFirst(String rules, String expected) {
        Ground ground = new Ground(SERVICE + rules);
        for (int i = 0; i < 2; i++) {
            ground.judge("a", ABSENT);
            ground.ended("a", "");
        }
        assertThat(ground.judge("a", ABSENT).told()).extracting(Told::action).isEqualTo(List.of(expected.split(", ")));
        assertThat(ground.state("a").watched()).isEqualTo(Watched.NOT);
    }

    @Test
    void whatIsBeingDoneIsNotJudgedBesideAndWhatWasHeldBackIsNoAttempt() {
        Ground ground = new Ground(SERVICE + "if 2 restarts within 3 cycles then unmonitor");
        assertThat(ground.judge("a", ABSENT).deeds()).hasSize(1);
        for (int i = 0; i < 10; i++) {
            Turn waiting = ground.judge("a", ABSENT);
            assertThat(waiting.deeds()).isEmpty();
            assertThat(waiting.told()).isEmpty();
        }
        assertThat(ground.state("a").window()).isEqualTo(new Window(1, 0));
        for (int i = 0; i < 10; i++) {
            ground.withheld("a");
            assertThat(ground.state("a").window().restarts()).isZero();
            assertThat(ground.judge("a", ABSENT).deeds()).hasSize(1);
        }
    }

    @Test
    void aFailureIsToldAtItsFlipAndByReminders() {
        Ground ground = new Ground(SERVICE + "if does not exist then alert", 3);
        List<Boolean> notified = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            ground.judge("a", ABSENT).told().forEach(told -> notified.add(told.alert()));
        }
        // Monit's own count: the flip is the first, so the reminder comes in the third, and then in each third.
        assertThat(notified).containsExactly(true, false, true, false, false, true, false);
    }

    @Test
    void aPassiveCheckDoesNothingAndCountsAsIfItHad() {
        Ground ground = new Ground(SERVICE + "mode passive if 3 restarts within 3 cycles then unmonitor");
        for (int i = 0; i < 3; i++) {
            assertThat(ground.judge("a", ABSENT).deeds()).isEmpty();
        }
        assertThat(ground.judge("a", ABSENT).told()).singleElement().satisfies(told -> {
            assertThat(told.kind()).isEqualTo(EventKind.TIMEOUT);
            assertThat(told.text()).isEqualTo("service restarted 3 times within 3 cycles(s) - unmonitor");
        });
        assertThat(ground.state("a").watched()).isEqualTo(Watched.NOT);
    }

    @Test
    void aProgramIsRunOnceForAFailureAndAgainOnlyIfSaid() {
        assertThat(runs("")).isEqualTo("E-----");
        assertThat(runs("repeat every 2 cycles")).isEqualTo("EE-E-E");
    }

    private static String runs(String repeat) {
        Ground ground = new Ground(SERVICE + "if does not exist then exec /usr/bin/true " + repeat);
        StringBuilder said = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            said.append(ground.judge("a", ABSENT).deeds().isEmpty() ? '-' : 'E');
        }
        return said.toString();
    }

    @Test
    void connectionsAreNotTestedWhileAProcessMayStillBeStarting() {
        Ground ground = new Ground(
                SERVICE + "start program = \"/bin/a\" with timeout 30 seconds if failed port 1 then restart");
        Result refused = Result.failed("refused");
        for (int seconds : new int[] {0, 29, 30}) {
            assertThat(ground.judge("a", present(1, seconds, refused)).told()).isEmpty();
        }
        Turn turn = ground.judge("a", present(1, 31, refused));
        assertThat(turn.told()).singleElement().extracting(Told::kind).isEqualTo(EventKind.CONNECTION);
        assertThat(turn.deeds()).singleElement().extracting(Deed::text).isEqualTo("refused");
    }

    @Test
    void aProcessOfWhichNobodyKnowsIsNotAbsent() {
        Ground ground = new Ground(SERVICE);
        Turn turn = ground.judge("a", new Seen(Presence.UNKNOWN, List.of()));
        assertThat(turn.told()).isEmpty();
        assertThat(turn.deeds()).isEmpty();
    }

    @Test
    void anotherPidIsAChangeOnlyWhereOneWasSeenBefore() {
        Ground ground = new Ground(SERVICE + "if changed pid then alert");
        assertThat(ground.kinds("a", present(1))).isEmpty();
        assertThat(ground.kinds("a", present(2))).containsExactly(EventKind.PID);
        assertThat(ground.judge("a", present(2)).told())
                .extracting(Told::change, Told::text)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(
                        Told.Change.SUCCEEDED, "process PID has not changed since last cycle"));
        assertThat(ground.kinds("a", present(2))).isEmpty();
        assertThat(ground.kinds("a", ABSENT)).containsExactly(EventKind.NONEXIST);
        // What was started by the rule itself is seen as pid 1, and is no change.
        ground.ended("a", "");
        assertThat(ground.kinds("a", present(1))).containsExactly(EventKind.NONEXIST);
        assertThat(ground.kinds("a", present(4))).containsExactly(EventKind.PID);
    }

    @Test
    void whoAppearsAfterARestartThatFailedIsNoChangeOfPid() {
        Ground ground = new Ground(SERVICE + "if total memory > 1 GB then restart\nif changed pid then alert");
        ground.judge("a", present(1));
        // A change of pid is looked for before what the process uses.
        Seen large = new Seen(
                new Presence.Present(1, 1, Duration.ofDays(1), false),
                List.of(Result.NONE, Result.NONE, Result.failed("2 GB")));
        assertThat(ground.judge("a", large).deeds())
                .singleElement()
                .extracting(Deed::verb)
                .isEqualTo(Deed.Verb.RESTART);
        ground.ended("a", "failed to start");
        assertThat(ground.kinds("a", present(2))).containsExactly(EventKind.EXEC);
        assertThat(ground.kinds("a", present(3))).containsExactly(EventKind.PID);
    }

    @Test
    void aDeedThatFailsIsToldAndClearedByTheProcessBeingThere() {
        Ground ground = new Ground(SERVICE);
        ground.judge("a", ABSENT);
        Turn failed = ground.ended("a", "failed to start (exit status 1) -- no output");
        assertThat(failed.told()).singleElement().satisfies(told -> {
            assertThat(told.kind()).isEqualTo(EventKind.EXEC);
            assertThat(told.change()).isEqualTo(Told.Change.FAILED);
        });
        Turn there = ground.judge("a", present(1));
        assertThat(there.told())
                .extracting(Told::kind, Told::change)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(EventKind.NONEXIST, Told.Change.SUCCEEDED),
                        org.assertj.core.groups.Tuple.tuple(EventKind.EXEC, Told.Change.SUCCEEDED));
    }

    @Test
    void aStopByARuleEndsTheMonitoringOnceItIsDone() {
        Ground ground = new Ground(SERVICE + "if total memory > 1 GB then stop");
        Seen large = new Seen(
                new Presence.Present(1, 1, Duration.ofDays(1), false), List.of(Result.NONE, Result.failed("2 GB")));
        assertThat(ground.judge("a", large).deeds())
                .singleElement()
                .extracting(Deed::verb)
                .isEqualTo(Deed.Verb.STOP);
        ground.end("a", Deed.Verb.STOP, Deed.Cause.RULE, "");
        assertThat(ground.state("a").watched()).isEqualTo(Watched.NOT);
    }

    @Test
    void childrenAreStoppedBeforeAParentIsRestartedAndStartedAfterIt() {
        Ground ground = new Ground(
                SERVICE + "check process b matching b depends on a\ncheck process c matching c depends on b\n");
        ground.judge("a", present(1));
        ground.judge("b", present(2));
        ground.judge("c", present(3));
        assertThat(ground.judge("a", ABSENT).deeds())
                .extracting(deed -> deed.verb() + " " + deed.service())
                .containsExactly("STOP c", "STOP b", "RESTART a", "START b", "START c");
    }

    @Test
    void aPersonsWishesReachParentsAndChildrenAsMonitsDo() {
        Ground ground = new Ground(SERVICE + "check host b with address h depends on a\n");
        ground.ask("a", Wish.UNMONITOR);
        assertThat(ground.state("b").watched()).isEqualTo(Watched.NOT);
        Turn turn = ground.ask("b", Wish.MONITOR);
        assertThat(ground.state("a").watched()).isEqualTo(Watched.INITIALIZING);
        assertThat(turn.told()).singleElement().satisfies(told -> {
            assertThat(told.service()).isEqualTo("b");
            assertThat(told.text()).isEqualTo("monitor action done");
        });
    }

    private static Seen present(long pid) {
        return present(pid, 86_400, Result.NONE);
    }

    private static Seen present(long pid, int uptimeSeconds, Result other) {
        return new Seen(
                new Presence.Present(pid, 1, Duration.ofSeconds(uptimeSeconds), false), List.of(Result.NONE, other));
    }

    /** Services whose deeds end when the test says so. */
    private static final class Ground {
        private final Plan plan;
        private Map<String, ServiceState> states;
        private Instant now = Instant.EPOCH;

        Ground(String file) {
            this(file, 0);
        }

        Ground(String file, int reminder) {
            this(file, reminder, Window.CLOSED);
        }

        Ground(String file, int reminder, Window window) {
            Reading reading = Monitrc.read(file);
            assertThat(reading.faults()).isEmpty();
            plan = Plan.of(reading.file(), reminder, window);
            states = plan.fresh();
        }

        ServiceState state(String service) {
            return java.util.Objects.requireNonNull(states.get(service));
        }

        Turn judge(String service, Seen seen) {
            return round(round -> round.judge(service, seen));
        }

        List<EventKind> kinds(String service, Seen seen) {
            return judge(service, seen).told().stream().map(Told::kind).toList();
        }

        Turn ask(String service, Wish wish) {
            return round(round -> round.ask(service, wish));
        }

        void withheld(String service) {
            round(round -> round.withheld(service));
        }

        /** If anything is being done to it. */
        Turn ended(String service, String failure) {
            ServiceState.UnderWay underWay = state(service).underWay();
            return underWay == null
                    ? new Turn(states, List.of(), List.of())
                    : end(service, underWay.verb(), Deed.Cause.RULE, failure);
        }

        Turn end(String service, Deed.Verb verb, Deed.Cause cause, String failure) {
            return round(round -> round.ended(service, verb, cause, failure, present(1)));
        }

        private Turn round(java.util.function.Consumer<Round> does) {
            now = now.plusSeconds(5);
            Round round = new Round(plan, states, now);
            does.accept(round);
            Turn turn = round.end();
            states = turn.states();
            return turn;
        }
    }
}
