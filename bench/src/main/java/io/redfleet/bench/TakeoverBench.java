package io.redfleet.bench;

import io.redfleet.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Two monitors share scripted clusters of nine instances that are probed each second; one of them is killed, started again,
 * killed and started at once.
 *
 * <p>A cluster is judged again at the first health record of a later term, as a consumer reads it: from the moment of the
 * SIGKILL. A gap is the time between two PINGs that reached an instance, whoever sent them; the longest of each instance
 * counts, from before the move until everybody has been probed by the new owner. Without a move gaps are a second long.
 */
final class TakeoverBench {
    private static final int NODES = 6;
    private static final Duration PROBE = Duration.ofSeconds(1);
    private static final Duration WITHIN = Duration.ofMinutes(2);
    private static final Duration QUIET = Duration.ofSeconds(5);
    private static final String FIRST = "bench-a";
    private static final String SECOND = "bench-b";

    private final Samples taken = Samples.each("SIGKILL of a monitor to the other's word on its cluster", 10_000);
    private final Samples takenGap = Samples.each("longest probe gap of an instance, its monitor killed", 10_000);
    private final Samples back = Samples.each("SIGKILL of a monitor, started at once, to its word", 3_000);
    private final Samples backGap = Samples.each("longest probe gap of an instance, the same restart", 10_000);
    private final Samples movedGap = Samples.each("longest probe gap of an instance, a monitor joins", 10_000);

    private final ScriptedFleet fleet;
    private final HealthTap tap;

    private TakeoverBench(ScriptedFleet fleet, HealthTap tap) {
        this.fleet = fleet;
        this.tap = tap;
    }

    /**
     * Prints its figures; true when all bounds hold.
     *
     * @param clusters how many both share
     * @param rounds how often each of the three moves is made
     */
    static boolean run(Path directory, int clusters, int rounds) throws Exception {
        try (Workbench bench = Workbench.in(directory.resolve("takeover"));
                HealthTap tap = new HealthTap(bench.settings());
                ScriptedFleet fleet = new ScriptedFleet("moved", clusters, NODES, PROBE)) {
            fleet.put(bench.producer());
            return new TakeoverBench(fleet, tap).run(bench, rounds);
        }
    }

    private boolean run(Workbench bench, int rounds) throws Exception {
        try (ServiceProcess second = bench.service("monitor-service", "monitor", SECOND)) {
            second.awaitReady();
            settle(Set.of(SECOND));
            fleet.forgetProbes();
            try (ServiceProcess first = bench.service("monitor-service", "monitor", FIRST)) {
                joined(first);
                Memory alone = null;
                for (int i = 0; i < rounds; i++) {
                    restarted(first);
                    killed(first);
                    alone = Memory.of(second.process());
                    fleet.forgetProbes();
                    first.restart();
                    joined(first);
                }
                boolean holds = Samples.print(List.of(taken, takenGap, back, backGap, movedGap));
                System.out.printf(
                        "a monitor that watches %d clusters of %d instances alone: %s%n",
                        fleet.clusters().size(), NODES + 3, alone);
                return holds;
            }
        }
    }

    /** The second has all; the first one comes. */
    private void joined(ServiceProcess first) {
        first.awaitReady();
        settle(Set.of(FIRST, SECOND));
        addGaps(tap.of(FIRST), movedGap);
        Bench.progress(movedGap);
    }

    /** Nobody is there when it comes back but itself. */
    private void restarted(ServiceProcess first) {
        Map<String, HealthTap.Claim> before = tap.of(FIRST);
        fleet.forgetProbes();
        long killed = System.nanoTime();
        first.kill9();
        first.restart();
        Await.until("it judges again", WITHIN, () -> tap.succeeded(before));
        addClaims(before, killed, back);
        first.awaitReady();
        settle(Set.of(FIRST, SECOND));
        addGaps(before, backGap);
        Bench.progress(back);
    }

    private void killed(ServiceProcess first) {
        Map<String, HealthTap.Claim> before = tap.of(FIRST);
        fleet.forgetProbes();
        long killed = System.nanoTime();
        first.kill9();
        Await.until("the other judges", WITHIN, () -> tap.succeeded(before));
        addClaims(before, killed, taken);
        settle(Set.of(SECOND));
        addGaps(before, takenGap);
        Bench.progress(taken);
    }

    /** Until these monitors, and no other, have clusters, nothing has moved for a while, and every instance is probed. */
    private void settle(Set<String> monitors) {
        int clusters = fleet.clusters().size();
        Await.until("clusters are at rest with " + monitors, WITHIN, () -> {
            int theirs = monitors.stream().mapToInt(name -> tap.of(name).size()).sum();
            boolean each = monitors.stream().noneMatch(name -> tap.of(name).isEmpty());
            return each && theirs == clusters && tap.quietFor(QUIET);
        });
        long rest = System.nanoTime();
        Await.until(
                "every instance is probed",
                WITHIN,
                () -> fleet.clusters().stream().allMatch(cluster -> fleet.probedSince(Set.of(cluster.name()), rest)));
    }

    private void addClaims(Map<String, HealthTap.Claim> before, long since, Samples samples) {
        tap.of(before.keySet()).values().forEach(claim -> samples.add(claim.nanos() - since));
    }

    private void addGaps(Map<String, HealthTap.Claim> moved, Samples samples) {
        fleet.longestGaps(moved.keySet()).forEach(samples::add);
    }
}
