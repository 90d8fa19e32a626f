package io.redfleet.monitor.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.monitor.check.Timeline.Cycle;
import io.redfleet.monitor.check.Timeline.Row;
import io.redfleet.monitrc.Rule;
import io.redfleet.monitrc.Test.Connection;
import io.redfleet.monitrc.Test.Protocol;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RealMonit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real Monit and the engine beside each other on the same real Redis, under seeded faults. Monit acts; the engine sees the same
 * just before each of its cycles, and has to ask for and to tell the same. {@code -Dseed}, {@code -Dtimelines} and {@code -Datonce}
 * repeat, shorten or thin it out.
 */
@Tag("long")
class BesideMonitTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final int TIMELINES = Integer.getInteger("timelines", 60);
    private static final int AT_ONCE = Integer.getInteger("atonce", 4);
    private static final int CYCLES = 10;
    private static final int TRIES = 5;
    private static final Duration GAP = Duration.ofSeconds(4);

    /** After a cycle of Monit: what goes wrong has gone wrong by then, and the next cycle has not begun. */
    private static final Duration LOOK = Duration.ofMillis(2_300);

    private static final List<String> CONNECTIONS = List.of(
            "",
            "  if failed port PORT with timeout 1 seconds then restart\n",
            "  if failed port PORT protocol redis with timeout 1 seconds then restart\n",
            "  if failed port PORT protocol redis with timeout 1 seconds for 2 cycles then restart\n",
            "  if failed port PORT protocol redis with timeout 1 seconds for 2 times within 3 cycles then restart\n",
            "  if failed port PORT protocol redis with timeout 1 seconds then alert else if succeeded for 2 cycles then alert\n");

    private static final List<String> OTHERS = List.of(
            "  if does not exist for 2 cycles then restart\n",
            "  if changed pid then alert\n",
            "  if 3 restarts within 3 cycles then unmonitor\n",
            "  if 2 restarts within 4 cycles then alert\n",
            "  if 4 restarts within 6 cycles then unmonitor\n");

    /** What goes wrong between two cycles. */
    private enum Fault {
        NOTHING,
        KILL,
        FREEZE,
        MISNAME,
        DECOY,
        UNDECOY,
        BREAK,
        MEND,
        SLOW,
        QUICK,
        RESTART_OUTSIDE
    }

    @TempDir
    Path directory;

    private final AtomicInteger compared = new AtomicInteger();
    private final AtomicInteger repeated = new AtomicInteger();

    @Test
    void theSameIsAskedForAndToldInTheSameCycles() throws Exception {
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
                "beside monit: seed=%d timelines=%d cycles=%d events and deeds compared=%d repeated for being late=%d%n",
                SEED, TIMELINES, TIMELINES * CYCLES, compared.get(), repeated.get());
        assertThat(compared.get()).isGreaterThan(TIMELINES);
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
        try (MonitGround ground = new MonitGround(home, random.nextInt(4) == 0)) {
            String rules = rules(random, ground.port);
            String file = """
                    check process redis %s
                      start program = "%s start" with timeout 1 seconds
                      stop program = "%s stop" with timeout 2 seconds
                    """.formatted(ground.target(), home.resolve("redis"), home.resolve("redis")) + rules;
            Replay replay = new Replay(file);
            ground.start();
            Await.moment(LOOK);
            StringBuilder faults = new StringBuilder();
            try (LiveMonit monit = LiveMonit.of(home, file, GAP, Set.of("redis"))) {
                // Before the first cycle, too, it is looked at first.
                Seen seen = seen(ground, replay.service());
                monit.begin();
                for (int cycle = 1; cycle <= CYCLES; cycle++) {
                    List<Row> rows = monit.cycle(cycle);
                    if (rows.stream().anyMatch(row -> row.what().equals("stop failed"))) {
                        ground.forget();
                    }
                    String context = "seed %d, timeline %d with%n%safter %s%n%s"
                            .formatted(SEED, number, file, faults, monit.log());
                    compare(replay, ground, rows, seen, cycle, context);
                    long ended = System.nanoTime();
                    Fault fault = fault(random);
                    faults.append(fault).append(' ');
                    inflict(ground, fault);
                    Await.moment(LOOK.minusNanos(System.nanoTime() - ended));
                    seen = seen(ground, replay.service());
                    if (monit.hasBegun(cycle + 1)) {
                        return false;
                    }
                }
            }
            compared.addAndGet(replay.compared());
            return true;
        }
    }

    /** One connection test at most: after its restart Monit would try the next one in the same cycle, on what it has started. */
    private static String rules(Random random, int port) {
        StringBuilder rules = new StringBuilder(CONNECTIONS.get(random.nextInt(CONNECTIONS.size())));
        List<String> others = new ArrayList<>(OTHERS);
        Collections.shuffle(others, random);
        others.subList(0, random.nextInt(4)).forEach(rules::append);
        return rules.toString().replace("PORT", Integer.toString(port));
    }

    private static void compare(
            Replay replay, MonitGround ground, List<Row> rows, Seen seen, int cycle, String context) {
        try {
            boolean[] judged = new boolean[1];
            replay.cycle(Cycle.of(rows, Integer.toString(cycle)), (service, told) -> {
                if (!judged[0]) {
                    judged[0] = true;
                    return seen;
                }
                return new Seen(ground.presence(), List.of());
            });
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\nseen: " + seen + "\n" + context, e);
        }
    }

    private static Seen seen(MonitGround ground, ServiceEntry service) {
        List<Result> results = new ArrayList<>();
        for (Rule rule : service.rules()) {
            results.add(
                    rule.test() instanceof Connection connection
                            ? ground.connection(connection.protocol() instanceof Protocol.Redis)
                            : Result.NONE);
        }
        return new Seen(ground.presence(), results);
    }

    private static Fault fault(Random random) {
        return random.nextInt(5) < 2 ? Fault.NOTHING : Fault.values()[random.nextInt(Fault.values().length)];
    }

    private static void inflict(MonitGround ground, Fault fault) throws IOException, InterruptedException {
        switch (fault) {
            case NOTHING -> {}
            case KILL -> ground.kill();
            case FREEZE -> ground.freeze();
            case MISNAME -> ground.misname();
            case DECOY -> ground.decoy();
            case UNDECOY -> ground.undecoy();
            case BREAK -> ground.mark("broken", true);
            case MEND -> ground.mark("broken", false);
            case SLOW -> ground.mark("slow", true);
            case QUICK -> ground.mark("slow", false);
            case RESTART_OUTSIDE -> {
                ground.kill();
                Await.moment(Duration.ofMillis(100));
                ground.restartOutside();
            }
        }
    }
}
