package io.redfleet.bench;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.BusSettings;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.Installation;
import io.redfleet.testkit.TestBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How much longer each service takes to be ready when the bus holds a thousand clusters, and how much memory it has then.
 *
 * <p>From the start of its process until it says that it is ready, less the same on an empty broker: the slowest of a few starts
 * less the median of as many. Broker and PostgreSQL are those of an installation whose own services have been ended.
 *
 * <p>The alert-service keeps its state in PostgreSQL and is ready before it has read what is new on the bus; how long that takes
 * for all events of all clusters is printed beside it. The clusters' instances are scripted and answer a probe every five
 * seconds; their hosts answer no SSH, so the provisioner's figure is without connections to hosts.
 */
final class ReplayBench {
    private static final double BOUND_SECONDS = 5;
    private static final int STARTS = 3;
    private static final int NODES = 3;
    private static final Duration PROBE = Duration.ofSeconds(5);
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration WITHIN = Duration.ofMinutes(2);

    /** Until all connections are made and the first garbage is collected. */
    private static final long SETTLE_SECONDS = 15;

    private final Installation stack;
    private final Path directory;
    private final BusSettings settings;
    private final Map<Part, List<Double>> empty = new EnumMap<>(Part.class);

    /** Those whose trouble others would read come last. */
    private enum Part {
        GATEWAY("api-gateway"),
        ALERT("alert-service"),
        MONITOR("monitor-service"),
        PROVISIONER("provisioner-service");

        private final String module;

        Part(String module) {
            this.module = module;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private ReplayBench(Installation stack, Path directory) {
        this.stack = stack;
        this.directory = directory;
        this.settings = new BusSettings(stack.bootstrap(), "bench", TestBroker.settings(stack.login("admin")));
    }

    /** Prints its figures; true when the bound holds for all four. */
    static boolean run(Path directory, int clusters) throws Exception {
        Path home = Files.createDirectories(directory.resolve("replay"));
        try (Installation stack = Installation.up(home);
                ScriptedFleet fleet = new ScriptedFleet("kept", clusters, NODES, PROBE)) {
            return new ReplayBench(stack, directory).run(fleet);
        }
    }

    private boolean run(ScriptedFleet fleet) throws Exception {
        for (String word : List.of("backup", "gateway", "alert", "monitor", "provisioner")) {
            end(stack.process(word));
        }
        for (Part part : Part.values()) {
            empty.put(part, starts(part));
        }
        try (BusProducer producer = new BusProducer(settings, SOON)) {
            int records = fill(producer, fleet);
            System.out.printf("%d clusters are %d records%n", fleet.clusters().size(), records);
            boolean holds = true;
            try (AlertTap tap = AlertTap.behind(producer, settings)) {
                for (Part part : Part.values()) {
                    holds &= measured(part, fleet, tap);
                }
            }
            return holds;
        }
    }

    /** A service that does not stand the records has missed its bound; the others are measured all the same. */
    private boolean measured(Part part, ScriptedFleet fleet, AlertTap tap) throws InterruptedException {
        try {
            List<Double> full = new ArrayList<>();
            if (part == Part.ALERT) {
                full.add(readAll(tap));
            }
            full.addAll(starts(part));
            boolean holds = print(part, full);
            stand(part, fleet);
            return holds;
        } catch (IllegalStateException | AssertionError e) {
            System.out.printf("%-12s MISSED: %s%n", part.word(), e.getMessage());
            return false;
        }
    }

    private static int fill(BusProducer producer, ScriptedFleet fleet) throws Exception {
        Instant now = Instant.now();
        int records = 0;
        for (ScriptedCluster cluster : fleet.clusters()) {
            records += new FilledCluster(cluster, now).put(producer);
        }
        return records;
    }

    /** Seconds from start to ready, a few times, the quickest first. */
    private List<Double> starts(Part part) {
        List<Double> seconds = new ArrayList<>();
        for (int i = 0; i < STARTS; i++) {
            ServiceProcess service = service(part);
            try {
                service.awaitReady();
                seconds.add(secondsSince(service.startedAt()));
            } finally {
                service.kill9();
            }
        }
        Collections.sort(seconds);
        return seconds;
    }

    private boolean print(Part part, List<Double> full) {
        double before = empty.getOrDefault(part, List.of()).get(STARTS / 2);
        double slowest = Collections.max(full);
        double replay = slowest - before;
        boolean holds = replay <= BOUND_SECONDS;
        System.out.printf(
                Locale.ROOT,
                "%-12s start to ready: empty %.2f s, slowest of %d with all %.2f s, replay %.2f s (bound %.0f s: %s)%n",
                part.word(),
                before,
                full.size(),
                slowest,
                replay,
                BOUND_SECONDS,
                holds ? "holds" : "MISSED");
        return holds;
    }

    /** The first start with all those events; prints how long it reads them, and returns the seconds until it was ready. */
    private double readAll(AlertTap tap) {
        ServiceProcess service = service(Part.ALERT);
        try {
            service.awaitReady();
            double ready = secondsSince(service.startedAt());
            Await.until("all events are read", WITHIN, tap::allRead);
            System.out.printf(
                    Locale.ROOT,
                    "%-12s start until the last of all events is an incident: %.1f s%n",
                    Part.ALERT.word(),
                    secondsSince(service.startedAt()));
            return ready;
        } finally {
            service.kill9();
        }
    }

    /** One more start that is left alone for a while, for its memory. */
    private void stand(Part part, ScriptedFleet fleet) throws InterruptedException {
        ServiceProcess service = service(part);
        try {
            service.awaitReady();
            if (part == Part.MONITOR) {
                Await.until("all clusters are watched", WITHIN, fleet::watched);
            }
            TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
            System.out.printf("%-12s %s%n", part.word(), Memory.of(service.process()));
        } finally {
            service.kill9();
        }
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    /** With the environment that {@code up} gives it, under the name of the one that was ended. */
    private ServiceProcess service(Part part) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "REDFLEET_HOME",
                stack.home().toString(),
                "REDFLEET_BOOTSTRAP",
                stack.bootstrap(),
                "REDFLEET_KAFKA_CLIENT",
                stack.login(part.word()).toString(),
                "REDFLEET_INSTANCE",
                part.word() + "-0"));
        switch (part) {
            case ALERT -> {
                environment.put(
                        "QUARKUS_DATASOURCE_JDBC_URL",
                        "jdbc:postgresql://127.0.0.1:" + stack.port("postgres") + "/redfleet");
                environment.put("QUARKUS_DATASOURCE_USERNAME", "redfleet_alert");
                environment.put(
                        "REDFLEET_DB_PASSWORD_FILE",
                        stack.home().resolve("credentials/postgres-alert").toString());
            }
            case GATEWAY -> environment.put("REDFLEET_AUDIT_URL", "http://127.0.0.1:" + stack.port("alert"));
            case MONITOR, PROVISIONER -> {}
        }
        return new ServiceProcess(part.module, directory, environment);
    }

    /** SIGKILL. */
    private static void end(ProcessHandle process) throws Exception {
        process.destroyForcibly();
        var unused = process.onExit().get(20, TimeUnit.SECONDS);
    }
}
