package io.redfleet.monitor.watch;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.WatchSpec.Compat;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.FailoverEvent;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.remedy.Brakes;
import io.redfleet.monitor.roster.Roster;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A day's worth of trouble in two minutes, by seed; {@code -Dseed=N} plays one again. */
class SimulationTest {
    private static final long STEP_MILLIS = 200;
    private static final int STEPS = 900;

    static LongStream seeds() {
        String one = System.getProperty("seed", "");
        return one.isEmpty() ? LongStream.rangeClosed(1, 80) : LongStream.of(Long.parseLong(one));
    }

    static LongStream moreSeeds() {
        return LongStream.rangeClosed(81, 200);
    }

    /** Rules under which one waits for the other, and is stopped. */
    private static final String OWN = """
            check process redis-server with pidfile /run/redis.pid
              if failed port 6379 for 3 cycles then stop
              if failed port 6379 then restart
              if 3 restarts within 10 cycles then stop
            check process redis-sentinel matching redis-sentinel
              if failed port 26379 then restart
              depends on redis-server
            """;

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whateverHappensTheStoryHoldsTogether(long seed) {
        play(seed, Orders.roster());
    }

    @Tag("long")
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("moreSeeds")
    void whateverElseHappensTheStoryHoldsTogether(long seed) {
        play(seed, Orders.roster());
    }

    private static int stopsAskedFor;
    private static int waits;

    /** Of all seeds; one alone may have neither. */
    @AfterAll
    static void somebodyWasStoppedAndSomebodyWaited() {
        if (System.getProperty("seed", "").isEmpty()) {
            assertThat(stopsAskedFor).isGreaterThan(20);
            assertThat(waits).isGreaterThan(20);
        }
    }

    static LongStream fewerSeeds() {
        return seeds().limit(60);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("fewerSeeds")
    void soItDoesWhereOneWaitsForTheOtherAndIsStopped(long seed) {
        play(seed, Orders.roster(OWN, Compat.REDFLEET));
    }

    private static void play(long seed, Roster roster) {
        World world = new World(seed);
        Random chance = new Random(seed * 31);
        Ledger ledger = new Ledger();
        ClusterWatch watch = ClusterWatch.fresh(roster, at(0));
        Brakes brakes = Brakes.OFF;
        for (int step = 1; step <= STEPS; step++) {
            long now = step * STEP_MILLIS;
            for (Observation seen : world.step(now)) {
                Turn turn = watch.after(seen, at(now));
                ledger.write(turn);
                watch = turn.next();
            }
            Turn look = watch.after(new Observation.Looked(), at(now));
            ledger.write(look);
            watch = look.next();
            if (step % 25 == 0) {
                Turn.OfCycle cycle = watch.cycle(brakes, "", at(now));
                brakes = cycle.brakes();
                ledger.write(cycle.turn());
                nobodyIsJudgedWhoWaits(cycle.turn());
                for (Remediation asked : cycle.turn().asks()) {
                    weigh(asked, watch);
                }
                watch = cycle.turn().next();
            }
            if (chance.nextInt(300) == 0) {
                watch = HealthRecord.restore(roster, HealthRecord.of(watch, at(now).wall(), null), at(now));
            }
        }
        assertThat(ledger.told)
                .as("a run in which nothing happens proves nothing")
                .isGreaterThan(20);
    }

    private static void nobodyIsJudgedWhoWaits(Turn turn) {
        ClusterWatch after = turn.next();
        for (InstanceId id : Orders.SENTINELS) {
            boolean held = Kin.holdsUp(id, after.roster(), after.instances(), after.hostChecks())
                    .isPresent();
            waits += held ? 1 : 0;
        }
        for (Fact fact : turn.facts()) {
            InstanceId id = fact.about().instance();
            if (id != null && fact.event() instanceof WatchEvent.CheckFailed) {
                assertThat(Kin.holdsUp(id, after.roster(), after.instances(), after.hostChecks()))
                        .as("what " + id + " depends on")
                        .isEmpty();
            }
        }
    }

    /** Nothing is asked for on one witness's word, and never what Sentinel can mend better. */
    private static void weigh(Remediation asked, ClusterWatch watch) {
        InstanceId id = asked.instance();
        Remediation.Evidence evidence = asked.evidence();
        if (asked.action() == Remediation.Action.STOP) {
            stopsAskedFor++;
            assertThat(evidence.liveness()).isNotIn(Liveness.UNKNOWN, Liveness.UNREACHABLE);
            return;
        }
        assertThat(evidence.liveness()).isIn(Liveness.DOWN, Liveness.HUNG);
        int needed = Orders.SENTINELS.contains(id) ? 1 : 2;
        assertThat(evidence.sentinelsSeeingDown()).as("witnesses against " + id).isGreaterThanOrEqualTo(needed);
        boolean isMaster = evidence.master() != null
                && watch.roster().at(evidence.master()).filter(id::equals).isPresent();
        boolean others = Orders.NODES.stream()
                .filter(node -> !node.equals(id))
                .map(node -> watch.instances().get(node))
                .anyMatch(node -> node != null && node.view().actsAsReplica());
        if (isMaster && others) {
            assertThat(watch.conditions().seen())
                    .as("a master with a living replica is Sentinel's while it has votes")
                    .containsKey("quorumLost");
        }
    }

    /** What was told so far, and what must hold of it. */
    private static final class Ledger {
        private final Map<String, Event> byId = new HashMap<>();
        private final Map<InstanceId, Boolean> down = new HashMap<>();
        private final Set<Integer> switched = new HashSet<>();
        int told;

        void write(Turn turn) {
            turn.facts().forEach(this::write);
        }

        private void write(Fact fact) {
            told++;
            Event before = byId.putIfAbsent(fact.id(), fact.event());
            assertThat(before).as("the id " + fact.id() + " was given before").isNull();
            InstanceId instance = fact.about().instance();
            switch (fact.event()) {
                case InstanceEvent.Down d ->
                    assertThat(down.put(instance, true))
                            .as("a down of " + instance + " follows an up")
                            .isNotEqualTo(true);
                case InstanceEvent.Up u -> down.put(instance, false);
                case FailoverEvent.Switched s ->
                    assertThat(switched.add(s.epoch()))
                            .as("epoch " + s.epoch() + " switches once")
                            .isTrue();
                case FailoverEvent.Completed c ->
                    assertThat(switched)
                            .as("what is completed was switched")
                            .contains(c.report().epoch());
                default -> {
                    // No rule of its own.
                }
            }
        }
    }
}
