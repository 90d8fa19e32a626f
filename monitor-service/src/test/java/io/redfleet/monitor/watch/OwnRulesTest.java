package io.redfleet.monitor.watch;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.WatchSpec.Compat;
import io.redfleet.contracts.cluster.WatchSpec.RestartWindow;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.event.WatchEvent.CheckFailed;
import io.redfleet.contracts.event.WatchEvent.CheckSucceeded;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.ProcessFacts;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.check.Window;
import io.redfleet.monitor.probe.Reply;
import io.redfleet.monitor.roster.Roster;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A cluster whose spec has rules of its own. */
class OwnRulesTest {
    private static final String RATIO = """
            check process redis-server with pidfile /run/redis.pid
              if failed port 6379 for 2 times within 4 cycles then restart
              if changed pid then alert
            """;
    private static final String RULE = "failed port 6379 for 2 times within 4 cycles";

    private final Watched watched = new Watched();

    @Test
    void aRuleIsFailedWhenItIsSoAsOftenAsItSays() {
        under(RATIO);
        cycle(false, 5_000);
        cycle(true, 10_000);
        assertThat(checks()).isEmpty();
        cycle(false, 15_000);

        assertThat(checks()).containsExactly(new CheckFailed(RULE, 2, 4));
        assertThat(watched.asks)
                .singleElement()
                .satisfies(ask -> assertThat(ask.instance()).isEqualTo(Orders.R2));
        cycle(true, 20_000);
        assertThat(checks()).containsExactly(new CheckFailed(RULE, 2, 4), new CheckSucceeded(RULE));
    }

    @Test
    void aTakeoverInTheMiddleOfAWindowLosesNoCount() {
        under(RATIO);
        cycle(false, 5_000);
        cycle(true, 10_000);

        ClusterHealth health = HealthRecord.of(watched.watch, at(11_000).wall(), null);
        watched.watch = HealthRecord.restore(Orders.roster(RATIO, Compat.REDFLEET), health, at(12_000));
        cycle(false, 15_000);

        assertThat(checks()).containsExactly(new CheckFailed(RULE, 2, 4));
    }

    @Test
    void whatWasToldAfterTheLastHealthCountsAsWell() {
        under(RATIO);
        ClusterHealth health = HealthRecord.of(watched.watch, at(4_000).wall(), null);
        cycle(false, 5_000);
        cycle(false, 10_000);
        assertThat(checks()).hasSize(1);

        watched.watch = Folding.fold(
                HealthRecord.restore(Orders.roster(RATIO, Compat.REDFLEET), health, at(12_000)),
                List.copyOf(watched.facts),
                at(12_000));
        cycle(true, 15_000);

        assertThat(checks()).containsExactly(new CheckFailed(RULE, 2, 4), new CheckSucceeded(RULE));
    }

    @Test
    void rulesThatANewSpecSaysAlikeGoOnCounting() {
        under(RATIO);
        cycle(false, 5_000);
        under(RATIO + "  if does not exist for 3 cycles then alert\n");
        cycle(false, 10_000);
        assertThat(checks()).containsExactly(new CheckFailed(RULE, 2, 4));

        under("");
        assertThat(checks())
                .as("the end of a rule that is none any more would never be told")
                .last()
                .isEqualTo(new CheckSucceeded(RULE));
        assertThat(watched.watch.instances().get(Orders.R2))
                .satisfies(
                        instance -> assertThat(instance.check().rules().names()).containsExactly("failed connection"));
    }

    @Test
    void whoIsAbsentByTheHostsWordIsToldByThatAloneAndNobodyIsAskedForAnAlert() {
        under("""
                check process redis-server with pidfile /run/redis.pid
                  if does not exist then alert
                  if failed port 6379 then alert
                """);
        watched.answer(Orders.R2, new Reply.Refused(), 4_000);
        host(false, 0, 4_500);
        watched.views(Set.of(Orders.R2), true, 5_000);
        watched.cycle(5_000);

        assertThat(checks()).containsExactly(new CheckFailed("does not exist", 1, 1));
        assertThat(watched.asks).isEmpty();
    }

    @Test
    void whatNobodyKnowsOfAProcessIsNoAbsence() {
        under("check process redis-server with pidfile /run/redis.pid\n  if does not exist then restart\n");
        cycle(false, 5_000);
        assertThat(checks()).isEmpty();
        assertThat(watched.asks).isEmpty();
    }

    @Test
    void anotherPidIsToldOnce() {
        under(RATIO);
        host(true, 4_711, 4_000);
        cycle(true, 5_000);
        host(true, 4_712, 9_000);
        cycle(true, 10_000);
        cycle(true, 15_000);
        assertThat(checks()).containsExactly(new CheckFailed("changed pid", 1, 1), new CheckSucceeded("changed pid"));
    }

    @Test
    void aRuleMayEndTheMonitoring() {
        under("check process redis-server with pidfile /run/redis.pid\n  if failed port 6379 then unmonitor\n");
        cycle(false, 5_000);
        assertThat(watched.told(Orders.R2))
                .filteredOn(WatchEvent.class::isInstance)
                .containsExactly(new CheckFailed("failed port 6379", 1, 1), new WatchEvent.MonitoringStopped(true));
        assertThat(watched.asks).isEmpty();
    }

    @Test
    void aLimitThatOnlyTellsIsToldWhileItIsReachedAndEndsNothing() {
        under("""
                check process redis-server with pidfile /run/redis.pid
                  if failed port 6379 then restart
                  if 2 restarts within 4 cycles then alert
                """);
        for (long millis = 5_000; millis <= 10_000; millis += 5_000) {
            cycle(false, millis);
            watched.tried(millis + 1_000);
        }
        host(true, 4_711, 14_000);
        for (long millis = 15_000; millis <= 40_000; millis += 5_000) {
            cycle(true, millis);
        }
        assertThat(watched.told(Orders.R2))
                .filteredOn(WatchEvent.LimitReached.class::isInstance)
                .as("in the cycles in which it is so, once each")
                .containsExactly(
                        new WatchEvent.LimitReached(2, 2),
                        new WatchEvent.LimitReached(2, 3),
                        new WatchEvent.LimitReached(2, 4));
        InstanceWatch instance = watched.watch.instances().get(Orders.R2);
        assertThat(instance)
                .isNotNull()
                .satisfies(now -> assertThat(now.monitored()).isTrue());
        assertThat(watched.watch.counters()).as("nobody has given it up").doesNotContainKey("given up " + Orders.R2);
    }

    /** Restarts in the first, fifth, sixth and eighth cycle: of the last four before the ninth, three. */
    @ParameterizedTest
    @CsvSource({"TUMBLING, false, true", "SLIDING, false, false", "SLIDING, true, false"})
    void aWindowThatSlidesIsLookedAtAtEveryCycle(RestartWindow window, boolean takeover, boolean watchedOn) {
        String rules = """
                check process redis-server with pidfile /run/redis.pid
                  if failed port 6379 then restart
                  if 3 restarts within 4 cycles then timeout
                """;
        Roster roster = Orders.roster(rules, Compat.REDFLEET, window);
        watched.see(new Observation.Reassigned(roster), 500);
        watched.well(1_000);
        String cycles = "X...XX.X.";
        for (int i = 0; i < cycles.length(); i++) {
            long millis = 5_000L * (i + 1);
            boolean fails = cycles.charAt(i) == 'X';
            cycle(!fails, millis);
            if (fails) {
                watched.tried(millis + 1_000);
            }
            if (takeover) {
                ClusterHealth health =
                        HealthRecord.of(watched.watch, at(millis + 1_500).wall(), null);
                watched.watch = HealthRecord.restore(roster, health, at(millis + 2_000));
            }
        }
        assertThat(watched.watch.instances().get(Orders.R2))
                .isNotNull()
                .satisfies(now -> assertThat(now.monitored()).isEqualTo(watchedOn));
        assertThat(watched.told(Orders.R2))
                .filteredOn(WatchEvent.LimitReached.class::isInstance)
                .isEqualTo(watchedOn ? List.of() : List.of(new WatchEvent.LimitReached(3, 4)));
    }

    @Test
    void anotherKindOfWindowBeginsAnew() {
        under("");
        cycle(false, 5_000);
        watched.tried(6_000);
        watched.see(new Observation.Reassigned(Orders.roster("", Compat.REDFLEET, RestartWindow.SLIDING)), 7_000);
        assertThat(watched.watch.instances().get(Orders.R2))
                .isNotNull()
                .satisfies(now -> assertThat(now.window()).isEqualTo(Window.EMPTY));
        ClusterHealth health = HealthRecord.of(watched.watch, at(8_000).wall(), null);
        watched.watch = HealthRecord.restore(Orders.roster(), health, at(9_000));
        assertThat(watched.watch.instances().get(Orders.R2))
                .isNotNull()
                .satisfies(now -> assertThat(now.window()).isEqualTo(Window.CLOSED));
    }

    @Test
    void whatNeedsMemoryIsJudgedByTheHostsWord() {
        under("check process redis-server with pidfile /run/redis.pid\n  if memory > 1 MB for 2 cycles then alert\n");
        host(true, 4_711, 4_000);
        cycle(true, 5_000);
        cycle(true, 10_000);
        assertThat(checks()).as("one word of a host is one result").isEmpty();

        host(true, 4_711, 14_000);
        cycle(true, 15_000);
        assertThat(checks()).containsExactly(new CheckFailed("memory > 1048576 B for 2 cycles", 2, 2));
    }

    @Test
    void memoryInPercentIsOfTheHosts() {
        under("check process redis-server with pidfile /run/redis.pid\n  if memory > 0.1% then alert\n");
        host(true, 4_711, 4_000);
        cycle(true, 5_000);
        assertThat(watched.facts)
                .filteredOn(fact -> fact.event() instanceof CheckFailed)
                .singleElement()
                .satisfies(fact -> assertThat(fact.about().reason()).endsWith("memory is 0.1%"));
        under("check process redis-server with pidfile /run/redis.pid\n  if memory > 0.2% then alert\n");
        host(true, 4_711, 9_000);
        cycle(true, 10_000);
        assertThat(checks())
                .as("the rule that is none any more has ended, the new one is well")
                .containsExactly(new CheckFailed("memory > 0.1%", 1, 1), new CheckSucceeded("memory > 0.1%"));
    }

    /** What Monit 5.33 makes of each answer, and what we do. */
    @ParameterizedTest
    @MethodSource
    void aConnectionIsJudgedAsTheClusterWants(Reply reply, boolean plainFails, boolean redisFails, boolean oursFails) {
        assertThat(failsUnder("if failed port 6379 then alert", Compat.MONIT, reply))
                .as("Monit, the handshake alone")
                .isEqualTo(plainFails);
        assertThat(failsUnder("if failed port 6379 protocol redis then alert", Compat.MONIT, reply))
                .as("Monit, protocol redis")
                .isEqualTo(redisFails);
        for (String protocol : List.of("", "protocol redis ")) {
            assertThat(failsUnder("if failed port 6379 " + protocol + "then alert", Compat.REDFLEET, reply))
                    .as("ours " + protocol)
                    .isEqualTo(oursFails);
        }
    }

    static Stream<Arguments> aConnectionIsJudgedAsTheClusterWants() {
        return Stream.of(
                Arguments.of(new Reply.Pong(), false, false, false),
                Arguments.of(new Reply.Denied("NOAUTH"), false, false, false),
                Arguments.of(new Reply.Denied("NOPERM"), false, true, false),
                Arguments.of(new Reply.Defective("MASTERDOWN"), false, true, false),
                Arguments.of(new Reply.Loading(), false, true, false),
                Arguments.of(new Reply.Busy(), false, true, true),
                Arguments.of(new Reply.Silent(), false, true, true),
                Arguments.of(new Reply.Refused(), true, true, true),
                Arguments.of(new Reply.Unreachable("no route"), true, true, true));
    }

    private static boolean failsUnder(String rule, Compat compat, Reply reply) {
        Watched fresh = new Watched();
        String rules = "check process redis-server with pidfile /run/redis.pid\n  " + rule + "\n";
        fresh.see(new Observation.Reassigned(Orders.roster(rules, compat)), 500);
        fresh.well(1_000);
        // As often as it takes to believe in silence.
        fresh.answer(Orders.R2, reply, 2_000, 3_000, 4_000);
        fresh.cycle(5_000);
        return fresh.told(Orders.R2).stream().anyMatch(CheckFailed.class::isInstance);
    }

    @Test
    void whatMonitWouldRestartIsHeldBackWhereItIsNotDead() {
        watched.see(new Observation.Reassigned(Orders.roster("""
                        check process redis-server with pidfile /run/redis.pid
                          if failed port 6379 protocol redis then restart
                        """, Compat.MONIT)), 500);
        watched.well(1_000);
        watched.answer(Orders.R2, new Reply.Loading(), 2_000, 3_000, 4_000);
        watched.cycle(5_000);
        assertThat(checks()).hasSize(1);
        assertThat(watched.asks).as("both policies pass the same gate").isEmpty();
    }

    private void under(String rules) {
        watched.see(new Observation.Reassigned(Orders.roster(rules, Compat.REDFLEET)), 500);
        watched.well(1_000);
    }

    /** R2 answers or refuses, and all are judged. */
    private void cycle(boolean answers, long millis) {
        watched.answer(Orders.R2, answers ? new Reply.Pong() : new Reply.Refused(), millis - 1_000);
        watched.views(answers ? Set.of() : Set.of(Orders.R2), true, millis - 500);
        watched.cycle(millis);
    }

    private void host(boolean present, long pid, long millis) {
        ProcessFacts process =
                present ? new ProcessFacts(true, pid, 1, 9_000_000, 1_500, false, 5, 0, 0, 0) : ProcessFacts.ABSENT;
        Map<InstanceId, ProcessFacts> processes = Map.of(Orders.R2, process);
        watched.see(
                new Observation.HostSeen(new HostFacts(
                        HostFacts.SCHEMA,
                        Orders.roster().cluster(),
                        Orders.R2.host(),
                        at(millis).wall(),
                        true,
                        "answers",
                        "boot",
                        0.25,
                        8_000_000_000L,
                        6_000_000_000L,
                        100_000_000_000L,
                        60_000_000_000L,
                        -2,
                        processes,
                        null)),
                millis);
    }

    /** What the rules of R2 said. */
    private List<Event> checks() {
        return watched.told(Orders.R2).stream()
                .filter(event -> event instanceof CheckFailed || event instanceof CheckSucceeded)
                .toList();
    }
}
