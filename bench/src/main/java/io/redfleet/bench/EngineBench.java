package io.redfleet.bench;

import io.redfleet.monitor.check.Plan;
import io.redfleet.monitor.check.Presence;
import io.redfleet.monitor.check.Result;
import io.redfleet.monitor.check.Round;
import io.redfleet.monitor.check.Seen;
import io.redfleet.monitor.check.ServiceEntry;
import io.redfleet.monitor.check.ServiceState;
import io.redfleet.monitor.check.Turn;
import io.redfleet.monitrc.Monitrc;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** How many services the check engine judges in a second on one core, by JMH in two JVMs of its own. */
@State(Scope.Thread)
public class EngineBench {
    private static final double BOUND_PER_SECOND = 1_000_000;
    private static final int SERVICES = 9;
    private static final int CYCLES = 64;

    private final List<Map<String, Seen>> seen = new ArrayList<>();
    private Plan plan = Plan.of(Monitrc.read("").file(), 0);
    private Map<String, ServiceState> states = Map.of();
    private int cycle;

    /** Each service fails its connection in one cycle of sixteen, and is well in the others. */
    @Setup
    public void plan() {
        StringBuilder file = new StringBuilder();
        for (int i = 0; i < SERVICES; i++) {
            file.append("""
                    check process redis-%d with pidfile "/run/redis-%d.pid"
                      start program = "/usr/bin/systemctl start redis-%d"
                      stop program = "/usr/bin/systemctl stop redis-%d"
                      if failed port 6379 protocol redis for 2 times within 4 cycles then restart
                      if changed pid then alert
                      if total memory > 2 GB for 3 cycles then alert
                      if 5 restarts within 5 cycles then timeout
                    """.formatted(i, i, i, i));
        }
        plan = Plan.of(Monitrc.read(file.toString()).file(), 0);
        states = plan.fresh();
        Presence there = new Presence.Present(4_711, 1, Duration.ofDays(1), false);
        for (int i = 0; i < CYCLES; i++) {
            Map<String, Seen> all = new HashMap<>();
            int number = 0;
            for (ServiceEntry service : plan.services()) {
                boolean failing = (i + number++) % 16 == 0;
                Result connection = failing ? Result.failed("Connection refused") : Result.passed("");
                all.put(
                        service.name(),
                        new Seen(there, List.of(Result.NONE, Result.NONE, Result.passed(""), connection)));
            }
            seen.add(all);
        }
    }

    @Benchmark
    @OperationsPerInvocation(SERVICES)
    public Turn judge() {
        Turn turn = Round.cycle(plan, states, seen.get(cycle++ % CYCLES), Instant.EPOCH.plusSeconds(cycle));
        states = turn.states();
        return turn;
    }

    /** Prints its figures; true when the bound holds. */
    static boolean run() throws RunnerException {
        var options = new OptionsBuilder()
                .include(EngineBench.class.getName())
                .forks(2)
                .warmupIterations(3)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(5)
                .measurementTime(TimeValue.seconds(1))
                .addProfiler(GCProfiler.class)
                .build();
        RunResult result = new Runner(options).runSingle();
        double perSecond = result.getPrimaryResult().getScore();
        double bytes = Objects.requireNonNull(result.getSecondaryResults().get("gc.alloc.rate.norm"))
                .getScore();
        boolean holds = perSecond >= BOUND_PER_SECOND;
        System.out.printf(
                Locale.ROOT,
                "services judged in a second on one core: %,.0f, with %.0f bytes each (bound %,.0f: %s)%n",
                perSecond,
                bytes,
                BOUND_PER_SECOND,
                holds ? "holds" : "MISSED");
        return holds;
    }
}
