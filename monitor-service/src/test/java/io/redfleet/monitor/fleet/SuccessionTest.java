package io.redfleet.monitor.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.wire.Position;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.watch.Observation;
import io.redfleet.monitor.watch.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Owners die, come back, stall, are succeeded and have their clocks set, while their cluster suffers too; what they had under
 * way comes late, or twice, or not at all. {@code -Dseed=N} plays one run again.
 */
class SuccessionTest {
    private static final long STEP_MILLIS = 200;
    private static final int STEPS = 900;

    /** After which nobody falls ill and no owner dies: a takeover, a tilt, and the time after which a failover is given up. */
    private static final int QUIET = 450;

    static LongStream seeds() {
        String one = System.getProperty("seed", "");
        return one.isEmpty() ? LongStream.rangeClosed(1, 40) : LongStream.of(Long.parseLong(one));
    }

    static LongStream manySeeds() {
        return LongStream.rangeClosed(41, 2_000);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whoeverTellsItTheLogHoldsTogether(long seed) {
        new Run(seed).play();
    }

    @Tag("long")
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("manySeeds")
    void whoeverTellsItTheLogHoldsTogetherForLong(long seed) {
        new Run(seed).play();
    }

    private static final class Run {
        private final Random chance;
        private final World world;
        private final SharedLog log = new SharedLog();
        private final List<Reign> all = new ArrayList<>();
        private Reign owner;
        private long nextTrouble;
        private Runnable remedy = () -> {};
        private long remedyAt = Long.MAX_VALUE;

        Run(long seed) {
            chance = new Random(seed * 131);
            world = new World(seed);
            owner = begin(new Term(1, "a"), 0);
            nextTrouble = 5_000L + chance.nextInt(20_000);
        }

        void play() {
            for (int step = 1; step <= STEPS + QUIET; step++) {
                long now = step * STEP_MILLIS;
                land(now);
                if (now >= remedyAt) {
                    remedyAt = Long.MAX_VALUE;
                    nextTrouble = now + 5_000 + chance.nextInt(40_000);
                    remedy.run();
                }
                live(now);
                if (step == STEPS) {
                    world.heal();
                } else if (step < STEPS && now >= nextTrouble && remedyAt == Long.MAX_VALUE) {
                    trouble(now);
                }
            }
            assertThat(log.withoutAnEnd())
                    .as("whoever begins to tell a failover, somebody tells its end")
                    .isEmpty();
            assertThat(log.end())
                    .as("a run in which nothing happens proves nothing")
                    .isGreaterThan(10);
        }

        /** What is under way comes to lie on the log, now and then twice. */
        private void land(long now) {
            for (Reign reign : all) {
                while (!reign.underWay.isEmpty() && reign.underWay.getFirst().arrives() <= now) {
                    Reign.Said said = reign.underWay.removeFirst();
                    Position position = log.append(said.fact(), reign.term);
                    if (chance.nextInt(20) == 0) {
                        position = log.append(said.fact(), reign.term);
                    }
                    if (!reign.over) {
                        said.acked().accept(Optional.of(position));
                    }
                }
            }
        }

        private void live(long now) {
            List<Observation> seen = world.step(now);
            if (owner.over || owner.frozen) {
                return;
            }
            for (SharedLog.Entry entry : log.from(owner.foldedUntil)) {
                Position position = new Position("events", 0, owner.foldedUntil++);
                if (!entry.term().equals(owner.term)) {
                    owner.fleet.heard(entry.fact(), position, owner.at(now));
                }
            }
            seen.forEach(one -> owner.fleet.observe(Orders.roster().cluster(), one, owner.at(now)));
            owner.fleet.tick(owner.at(now));
        }

        private void trouble(long now) {
            switch (chance.nextInt(5)) {
                case 0 -> dies(now, 1_000 + chance.nextInt(2_000), true);
                case 1 -> dies(now, 6_000 + chance.nextInt(3_000), false);
                case 2 -> stalls(now);
                case 3 -> {
                    owner.frozen = true;
                    Reign same = owner;
                    after(now + 500 + chance.nextInt(4_500), () -> same.frozen = false);
                }
                default -> {
                    owner.setClock(chance.nextBoolean() ? 3_600_000 : -3_600_000);
                    nextTrouble = now + 40_000;
                }
            }
        }

        private void dies(long now, long away, boolean same) {
            Reign dead = owner;
            dead.over = true;
            List<Reign.Said> left = dead.cut(0);
            after(now + away, () -> {
                if (same) {
                    // Its file goes out before it looks at what lies there.
                    dead.underWay.forEach(said -> log.append(said.fact(), dead.term));
                    dead.underWay.clear();
                    left.forEach(said -> log.append(said.fact(), dead.term));
                }
                owner = begin(dead.term.next(same ? dead.term.monitor() : other(dead)), now + away);
            });
        }

        /** Its file is void once another has begun; what it had handed over may come long after that. */
        private void stalls(long now) {
            Reign stalled = owner;
            stalled.frozen = true;
            long away = 6_000L + chance.nextInt(3_000);
            after(now + away, () -> {
                stalled.over = true;
                stalled.cut(20_000);
                owner = begin(stalled.term.next(other(stalled)), now + away);
            });
        }

        private void after(long when, Runnable step) {
            remedyAt = when;
            remedy = step;
        }

        private Reign begin(Term term, long now) {
            Reign next = new Reign(log, term, chance, now);
            Past past = log.past(term);
            next.foldedUntil = log.end();
            next.fleet.watch(Orders.state(), past, next.at(now));
            next.fleet.started(next.at(now));
            all.add(next);
            return next;
        }

        private static String other(Reign reign) {
            return reign.term.monitor().equals("a") ? "b" : "a";
        }
    }
}
