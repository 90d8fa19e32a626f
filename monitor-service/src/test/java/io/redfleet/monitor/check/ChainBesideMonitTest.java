package io.redfleet.monitor.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.monitor.check.Timeline.Cycle;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RealMonit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A chain of three checks under real Monit and under the engine, of which each depends on the one before it: the same is told,
 * and the same ones wait, in the same words. Monit only tells here; what it stops and starts of a chain, Redfleet leaves alone.
 */
@Tag("long")
class ChainBesideMonitTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final int TIMELINES = Integer.getInteger("chains", 12);
    private static final int AT_ONCE = Integer.getInteger("atonce", 4);
    private static final int CYCLES = 10;
    private static final int TRIES = 5;
    private static final Duration GAP = Duration.ofSeconds(3);

    /** After a cycle of Monit: who is to die has died by then, and the next cycle has not begun. */
    private static final Duration LOOK = Duration.ofMillis(1_500);

    private static final List<String> CHAIN = List.of("ground", "middle", "crown");

    @TempDir
    Path directory;

    private final AtomicInteger compared = new AtomicInteger();
    private final AtomicInteger waited = new AtomicInteger();
    private final AtomicInteger repeated = new AtomicInteger();

    @Test
    void theSameIsToldAndTheSameOnesWait() throws Exception {
        assumeTrue(RealMonit.in(directory).isPresent(), RealMonit.MISSING);
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE)) {
            for (int i = 0; i < TIMELINES; i++) {
                int number = i;
                running.add(pool.submit(() -> timeline(number)));
            }
        }
        for (Future<?> each : running) {
            each.get();
        }
        System.out.printf(
                "chains beside monit: seed=%d timelines=%d cycles=%d events=%d waits=%d repeated for being late=%d%n",
                SEED, TIMELINES, TIMELINES * CYCLES, compared.get(), waited.get(), repeated.get());
        assertThat(compared.get()).isGreaterThan(TIMELINES);
        assertThat(waited.get()).isGreaterThan(TIMELINES);
    }

    private Void timeline(int number) throws Exception {
        for (int attempt = 1; ; attempt++) {
            Path home = Files.createDirectory(directory.resolve(number + "-" + attempt));
            if (kept(number, home)) {
                return null;
            }
            repeated.incrementAndGet();
            assertThat(attempt)
                    .as("seed %d, timeline %d: always too late", SEED, number)
                    .isLessThan(TRIES);
        }
    }

    /** False where this machine was too slow to look before Monit did. */
    private boolean kept(int number, Path home) throws Exception {
        Random random = new Random(SEED + number);
        String file = file(random, home);
        Replay replay = new Replay(file);
        StringBuilder story = new StringBuilder();
        int waits = 0;
        try (Sleepers sleepers = new Sleepers(home);
                LiveMonit monit = LiveMonit.of(home, file, GAP, Set.copyOf(CHAIN))) {
            shuffle(sleepers, random, story);
            Map<String, Presence> seen = sleepers.seen();
            monit.begin();
            for (int cycle = 1; cycle <= CYCLES; cycle++) {
                List<Timeline.Row> rows = monit.cycle(cycle);
                Map<String, String> waiting = monit.waiting(cycle);
                String context = "seed %d, timeline %d with%n%safter%s%nseen: %s%n%s"
                        .formatted(SEED, number, file, story, seen, monit.log());
                Map<String, Presence> now = Map.copyOf(seen);
                try {
                    replay.cycle(
                            Cycle.of(rows, Integer.toString(cycle)),
                            (service, told) -> new Seen(now.getOrDefault(service.name(), Presence.UNKNOWN), List.of()));
                    assertThat(replay.waiting()).as("cycle " + cycle).isEqualTo(waiting);
                } catch (AssertionError e) {
                    throw new AssertionError(e.getMessage() + "\n" + context, e);
                }
                waits += waiting.size();
                long ended = System.nanoTime();
                shuffle(sleepers, random, story);
                Await.moment(LOOK.minusNanos(System.nanoTime() - ended));
                seen = sleepers.seen();
                if (monit.hasBegun(cycle + 1)) {
                    return false;
                }
            }
        }
        compared.addAndGet(replay.compared());
        waited.addAndGet(waits);
        return true;
    }

    /** In the order of the chain: Monit would put the one that ends a cycle before whoever has to wait for one behind him. */
    private static String file(Random random, Path home) {
        StringBuilder file = new StringBuilder();
        for (int i = 0; i < CHAIN.size(); i++) {
            String name = CHAIN.get(i);
            file.append("check process ").append(name);
            file.append(" with pidfile \"").append(home.resolve(name + ".pid")).append("\"\n");
            if (i > 0) {
                file.append("  depends on ").append(CHAIN.get(i - 1)).append('\n');
            }
            String cycles = random.nextInt(3) == 0 ? " for 2 cycles" : "";
            String action = random.nextInt(6) == 0 ? "unmonitor" : "alert";
            file.append("  if does not exist")
                    .append(cycles)
                    .append(" then ")
                    .append(action)
                    .append('\n');
        }
        return file.toString();
    }

    /** Each of them dies, or comes back, in about every third cycle. */
    private static void shuffle(Sleepers sleepers, Random random, StringBuilder story) throws IOException {
        story.append(' ');
        for (String name : CHAIN) {
            boolean turns = random.nextInt(3) == 0;
            if (turns) {
                sleepers.turn(name);
            }
            story.append(sleepers.lives(name) ? '.' : 'X');
        }
    }

    /** A process for each check, and its pidfile. What Monit holds for it: the last one that lived. */
    private static final class Sleepers implements AutoCloseable {
        private final Path home;
        private final Map<String, Process> processes = new HashMap<>();

        Sleepers(Path home) throws IOException {
            this.home = home;
            for (String name : CHAIN) {
                start(name);
            }
        }

        void turn(String name) throws IOException {
            if (lives(name)) {
                end(name);
            } else {
                start(name);
            }
        }

        boolean lives(String name) {
            Process process = processes.get(name);
            return process != null && process.isAlive();
        }

        Map<String, Presence> seen() {
            Map<String, Presence> seen = new HashMap<>();
            CHAIN.forEach(name -> seen.put(name, presence(processes.get(name))));
            return seen;
        }

        private static Presence presence(@Nullable Process process) {
            return process != null && process.isAlive()
                    ? new Presence.Present(process.pid(), 1, Duration.ofMinutes(1), false)
                    : Presence.ABSENT;
        }

        private void start(String name) throws IOException {
            Process process = new ProcessBuilder("sleep", "600").start();
            processes.put(name, process);
            Files.writeString(home.resolve(name + ".pid"), process.pid() + "\n");
        }

        private void end(String name) throws IOException {
            Process process = processes.get(name);
            if (process == null) {
                return;
            }
            process.destroyForcibly();
            try {
                // Until it has been reaped: it would be a zombie to Monit.
                assertThat(process.waitFor(10, TimeUnit.SECONDS))
                        .as(name + " ends")
                        .isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while " + name + " ended", e);
            }
        }

        @Override
        public void close() {
            processes.values().forEach(Process::destroyForcibly);
        }
    }
}
