package io.redfleet.bench;

import io.redfleet.testkit.Await;
import io.redfleet.testkit.RealExporter;
import io.redfleet.testkit.RealMonit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One monitor that watches thousands of instances, probed each second and judged every five. How late a probe comes is the time
 * between two PINGs that reached an instance, less the second that it should be; two seconds or more are a round that was
 * skipped. Then 50 of them hang, and the others' probes are looked at again. Its processor time stands beside that of Debian's
 * Monit and redis_exporter, which connect anew for each test, on peers of the same kind in the same run.
 */
final class ProbesBench {
    private static final int NODES = 6;
    private static final int HUNG = 50;
    private static final int PEERS_CLUSTERS = 56;
    private static final long RSS_BOUND_MIB = 400;
    private static final Duration PROBE = Duration.ofSeconds(1);
    private static final Duration WITHIN = Duration.ofMinutes(3);
    /** Longer than the half minute for which a monitor trusts no time after its loop was late. */
    private static final Duration QUIET = Duration.ofSeconds(40);

    private static final Duration REST = Duration.ofSeconds(15);

    private ProbesBench() {}

    /** Prints its figures; true when all bounds hold. */
    static boolean run(Path directory, int clusters, int seconds) throws Exception {
        Path place = Files.createDirectories(directory.resolve("probes"));
        try (Workbench bench = Workbench.in(place);
                ScriptedFleet fleet = new ScriptedFleet("probed", clusters, NODES, PROBE)) {
            fleet.put(bench.producer());
            try (ServiceProcess monitor = bench.service("monitor-service", "monitor", "bench-0")) {
                monitor.awaitReady();
                Await.until("every cluster is watched", WITHIN, fleet::watched);
                settle(fleet.nodes().toList());
                boolean inTime = measured(fleet, monitor, seconds);
                double ours = perThousand(monitor.process(), fleet, seconds);
                System.out.printf(Locale.ROOT, "CPU per 1,000 probes: %.3f s%n", ours);
                boolean belowMonit = besideMonit(place, ours, seconds);
                return besideExporter(place, ours, seconds) && belowMonit && inTime;
            }
        }
    }

    private static boolean measured(ScriptedFleet fleet, ServiceProcess monitor, int seconds) {
        List<ScriptedNode> nodes = fleet.nodes().toList();
        Samples usual = lateness("probe too late, " + nodes.size() + " instances", nodes, seconds);
        Memory memory = Memory.of(monitor.process());
        nodes.stream().limit(HUNG).forEach(ScriptedNode::hang);
        rest(REST);
        Samples beside = lateness("the same, " + HUNG + " others hang", nodes.subList(HUNG, nodes.size()), seconds);
        boolean holds = Samples.print(List.of(usual, beside));
        long skipped = usual.atLeast(PROBE.toNanos()) + beside.atLeast(PROBE.toNanos());
        System.out.printf("rounds skipped: %d (bound 0: %s)%n", skipped, skipped == 0 ? "holds" : "MISSED");
        boolean small = memory.rssMib() <= RSS_BOUND_MIB;
        System.out.printf(
                "the monitor holds %s (bound RSS %d MiB: %s)%n", memory, RSS_BOUND_MIB, small ? "holds" : "MISSED");
        return holds && skipped == 0 && small;
    }

    /** The flood of the first connections is over when nobody has been probed late for a while. */
    private static void settle(List<ScriptedNode> nodes) {
        long begun = System.nanoTime();
        long until = begun + WITHIN.toNanos();
        boolean late = true;
        while (late && System.nanoTime() - until < 0) {
            Samples samples = lateness("settling", nodes, (int) QUIET.toSeconds());
            late = samples.atLeast(PROBE.toNanos() / 4) > 0;
        }
        long took = Duration.ofNanos(System.nanoTime() - begun).minus(QUIET).toSeconds();
        System.out.printf(
                late ? "probes still come late %d s after all are watched%n" : "in time %d s after all are watched%n",
                took);
    }

    private static Samples lateness(String what, List<ScriptedNode> nodes, int seconds) {
        Samples samples = new Samples(what, 250);
        nodes.forEach(node -> node.probes().keep());
        rest(Duration.ofSeconds(seconds));
        nodes.forEach(node -> node.probes().kept().forEach(gap -> samples.add(Math.max(0, gap - PROBE.toNanos()))));
        return samples;
    }

    private static boolean besideMonit(Path place, double ours, int seconds) throws IOException {
        Path home = Files.createDirectories(place.resolve("monit"));
        Optional<RealMonit> monit = RealMonit.in(home);
        if (monit.isEmpty()) {
            System.out.println("not measured beside Monit: " + RealMonit.MISSING);
            return true;
        }
        try (ScriptedFleet peers = new ScriptedFleet("peers", PEERS_CLUSTERS, NODES, PROBE)) {
            monit.get().begin(controlFile(home, peers));
            try {
                Await.until(
                        "Monit has tested all",
                        WITHIN,
                        () -> peers.nodes().allMatch(node -> node.probes().count() > 0));
                double theirs = perThousand(monit.get().process(), peers, seconds);
                return below("Monit", peers, ours, theirs);
            } finally {
                monit.get().end();
            }
        }
    }

    /** A probe of theirs is one answer to what Prometheus would ask; they come one after another, as fast as they are made. */
    private static boolean besideExporter(Path place, double ours, int seconds) throws Exception {
        Optional<RealExporter> found = RealExporter.begin(Files.createDirectories(place.resolve("exporter")));
        if (found.isEmpty()) {
            System.out.println("not measured beside redis_exporter: " + RealExporter.MISSING);
            return true;
        }
        try (RealExporter exporter = found.get();
                ScriptedFleet peers = new ScriptedFleet("scraped", PEERS_CLUSTERS, NODES, PROBE)) {
            int[] ports = peers.nodes().mapToInt(ScriptedNode::port).toArray();
            Duration before = cpu(exporter.process());
            long until = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
            int scrapes = 0;
            while (System.nanoTime() - until < 0) {
                int port = ports[scrapes++ % ports.length];
                if (!exporter.scrape(port)) {
                    throw new IllegalStateException("redis_exporter holds a scripted instance for down: " + port);
                }
            }
            double theirs = cpu(exporter.process()).minus(before).toMillis() / (double) scrapes;
            return below("redis_exporter", peers, ours, theirs);
        }
    }

    private static boolean below(String peer, ScriptedFleet peers, double ours, double theirs) {
        System.out.printf(
                Locale.ROOT,
                "%s, on %d peers: %.3f s per 1,000 probes (bound: ours below it: %s)%n",
                peer,
                peers.nodes().count(),
                theirs,
                ours < theirs ? "holds" : "MISSED");
        return ours < theirs;
    }

    private static String controlFile(Path home, ScriptedFleet peers) {
        StringBuilder file = new StringBuilder("""
                set daemon 1
                set pidfile %1$s/monit.pid
                set idfile %1$s/id
                set statefile %1$s/state
                """.formatted(home));
        peers.nodes().forEach(node -> file.append("""
                check host h%1$d with address 127.0.0.1
                  if failed port %1$d protocol redis then alert
                """.formatted(node.port())));
        return file.toString();
    }

    /** Seconds of processor time for a thousand PINGs that arrived. */
    private static double perThousand(ProcessHandle process, ScriptedFleet fleet, int seconds) {
        Duration before = cpu(process);
        long begun = count(fleet);
        rest(Duration.ofSeconds(seconds));
        long probes = count(fleet) - begun;
        return cpu(process).minus(before).toMillis() / 1_000.0 / probes * 1_000;
    }

    private static long count(ScriptedFleet fleet) {
        return fleet.nodes().mapToLong(node -> node.probes().count()).sum();
    }

    private static Duration cpu(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private static void rest(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
