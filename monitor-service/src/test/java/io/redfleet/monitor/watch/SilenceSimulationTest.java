package io.redfleet.monitor.watch;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.monitor.MonitReport;
import io.redfleet.monitor.Orders;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two hours of three Monits that are killed, stopped and started, of postings that are lost, late and doubled, and of monitors that
 * are deaf, do not look, and take over from each other; {@code -Dseed=N} plays one again.
 */
class SilenceSimulationTest {
    private static final long END = 7_200_000;
    private static final long SLACK = Witnesses.UNDER_WAY.toMillis();

    static LongStream seeds() {
        String one = System.getProperty("seed", "");
        return one.isEmpty() ? LongStream.rangeClosed(1, 25) : LongStream.of(Long.parseLong(one));
    }

    static LongStream moreSeeds() {
        return LongStream.rangeClosed(26, 60);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void nobodyIsCalledSilentBecauseOfUsAndNobodySilentIsOverlooked(long seed) {
        play(seed);
    }

    @Tag("long")
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("moreSeeds")
    void norInMoreRuns(long seed) {
        play(seed);
    }

    private static void play(long seed) {
        Run run = new Run(seed);
        for (long now = 1_000; now <= END; now += 1_000) {
            run.second(now);
        }
        assertThat(run.silences)
                .as("a run in which nobody falls silent proves nothing")
                .isGreaterThan(2);
        assertThat(run.stops).isGreaterThan(2);
        assertThat(run.takeovers).isGreaterThan(2);
    }

    /** One host: how it is, and what whoever has heard all that reached the monitor knows of it. */
    private static final class Host {
        final String name;
        final long poll;
        boolean lives = true;
        long run = 1;
        long nextPost;

        boolean known;
        boolean stopped;
        long heard;
        long heardRun = -1;
        long heardObserved;
        /** When it became known, or known to have stopped or started. */
        long turned;

        boolean toldSilent;
        boolean toldStopped;

        Host(String name, long poll) {
            this.name = name;
            this.poll = poll;
        }

        long allowed() {
            return Math.max(3 * poll, 60) * 1_000;
        }
    }

    private record Posting(Host host, MonitReport report, boolean stops, boolean first) {}

    private static final class Run {
        private final Random chance;
        private final List<Host> hosts = List.of(new Host("r1", 5), new Host("r2", 20), new Host("r3", 45));
        private final TreeMap<Long, List<Posting>> underWay = new TreeMap<>();
        private final Set<String> ids = new HashSet<>();
        private final List<Fact> later = new ArrayList<>();
        private ClusterWatch watch = ClusterWatch.fresh(Orders.roster(), at(0));
        private ClusterHealth health = HealthRecord.of(watch, at(0).wall(), null);
        private long listensSince;
        private long healthAt;
        private long deafUntil;
        private long pausedUntil;
        int silences;
        int stops;
        int takeovers;

        Run(long seed) {
            chance = new Random(seed * 97);
        }

        void second(long now) {
            trouble(now);
            hosts.forEach(host -> live(host, now));
            boolean paused = now < pausedUntil;
            deliver(now, !paused && now >= deafUntil);
            if (paused) {
                listensSince = now + 1_000;
                return;
            }
            if (chance.nextInt(400) == 0) {
                takeOver(now);
            }
            if (now < deafUntil) {
                see(new Observation.Deaf(), now);
                listensSince = now;
            }
            see(new Observation.Looked(), now);
            hosts.forEach(host -> isNotOverlooked(host, now));
            health = HealthRecord.of(watch, at(now).wall(), null);
            healthAt = now;
            later.clear();
        }

        private void trouble(long now) {
            if (now >= Math.max(deafUntil, pausedUntil)) {
                switch (chance.nextInt(900)) {
                    case 0 -> deafUntil = now + 1_000L * (1 + chance.nextInt(90));
                    case 1 -> pausedUntil = now + 1_000L * (30 + chance.nextInt(30));
                    default -> {
                        // Nothing befalls the monitor.
                    }
                }
            }
        }

        private void live(Host host, long now) {
            if (host.lives) {
                switch (chance.nextInt(500)) {
                    case 0 -> host.lives = false;
                    case 1 -> {
                        host.lives = false;
                        post(host, of(host, now).stopping(), true, now);
                    }
                    default -> {
                        if (now >= host.nextPost) {
                            host.nextPost = now + host.poll * 1_000;
                            post(host, of(host, now), false, now);
                        }
                    }
                }
            } else if (chance.nextInt(200) == 0) {
                host.lives = true;
                host.run = at(now).wall().getEpochSecond();
                host.nextPost = now;
            }
        }

        private static MonitReport of(Host host, long now) {
            return MonitReport.of(host.name, now).poll((int) host.poll).run(host.run);
        }

        private void post(Host host, MonitReport report, boolean stops, long now) {
            if (chance.nextInt(10) == 0) {
                return;
            }
            long arrives = now + 1_000L * chance.nextInt(3);
            underWay.computeIfAbsent(arrives, key -> new ArrayList<>()).add(new Posting(host, report, stops, true));
            if (chance.nextInt(10) == 0) {
                underWay.computeIfAbsent(arrives + 1_000L * chance.nextInt(100), key -> new ArrayList<>())
                        .add(new Posting(host, report, stops, false));
            }
        }

        private void deliver(long now, boolean hears) {
            while (!underWay.isEmpty() && underWay.firstKey() <= now) {
                for (Posting posting : underWay.pollFirstEntry().getValue()) {
                    if (hears) {
                        understand(posting, now);
                        see(posting.report().seen(), now);
                    }
                }
            }
        }

        /** What has been heard before, or was overtaken by what its Monit saw later, says nothing. */
        private void understand(Posting posting, long now) {
            Host host = posting.host();
            MonitReport report = posting.report();
            boolean sameRun = report.run() == host.heardRun;
            if (report.run() < host.heardRun || (sameRun && report.observed() <= host.heardObserved)) {
                return;
            }
            host.heardRun = report.run();
            host.heardObserved = report.observed();
            host.heard = now;
            if (!host.known || host.stopped != posting.stops()) {
                host.turned = now;
            }
            host.known = true;
            host.stopped = posting.stops();
        }

        /** By the health of a second ago and what was told since, or by the newest. */
        private void takeOver(long now) {
            takeovers++;
            if (chance.nextBoolean()) {
                health = HealthRecord.of(watch, at(now).wall(), null);
                later.clear();
                healthAt = now;
            }
            watch = Folding.fold(HealthRecord.restore(Orders.roster(), health, at(now)), later, at(now));
            listensSince = now;
            for (Host host : hosts) {
                host.heardRun = -1;
                if (host.turned > healthAt && !host.stopped) {
                    host.known = false; // until its next report
                }
            }
            // What comes again is known by what came before, which the new owner has not heard.
            underWay.values().forEach(all -> all.removeIf(posting -> !posting.first()));
        }

        private void see(Observation observation, long now) {
            Turn turn = watch.after(observation, at(now));
            watch = turn.next();
            turn.facts().forEach(fact -> told(fact, now));
        }

        private void told(Fact fact, long now) {
            later.add(fact);
            assertThat(ids.add(fact.id()))
                    .as("the id " + fact.id() + " was given before")
                    .isTrue();
            switch (fact.event()) {
                case WatchEvent.CheckFailed failed -> silent(host(failed.rule()), now);
                case WatchEvent.CheckSucceeded succeeded -> {
                    Host host = host(succeeded.rule());
                    assertThat(host.toldSilent).as(fact.id()).isTrue();
                    assertThat(host.heard).as("it has just been heard").isEqualTo(now);
                    host.toldSilent = false;
                }
                case WatchEvent.MonitStopped told -> {
                    Host host = host(told.host());
                    assertThat(host.toldStopped).as(fact.id()).isFalse();
                    host.toldStopped = true;
                    stops++;
                }
                case WatchEvent.MonitStarted told -> {
                    Host host = host(told.host());
                    assertThat(host.toldStopped).as(fact.id()).isTrue();
                    host.toldStopped = false;
                }
                default -> {
                    // Not of a Monit.
                }
            }
        }

        private void silent(Host host, long now) {
            silences++;
            assertThat(host.toldSilent).as(host.name + " was told to be silent").isFalse();
            assertThat(host.stopped).as(host.name + " has said that it stops").isFalse();
            assertThat(now - Math.max(host.heard, listensSince))
                    .as(host.name + " could have been heard for so long, and was not")
                    .isGreaterThanOrEqualTo(host.allowed() + SLACK);
            host.toldSilent = true;
        }

        private void isNotOverlooked(Host host, long now) {
            long silence = now - Math.max(host.heard, listensSince);
            if (host.known && !host.stopped && silence >= host.allowed() + SLACK + 1_000) {
                assertThat(host.toldSilent)
                        .as(host.name + " has been silent for " + silence + " ms at " + now)
                        .isTrue();
            }
        }

        private Host host(String rule) {
            return hosts.stream()
                    .filter(host -> rule.equals(host.name) || rule.startsWith(host.name + " "))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
