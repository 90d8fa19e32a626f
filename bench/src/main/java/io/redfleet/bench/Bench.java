package io.redfleet.bench;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.topics.TopicAdmin;
import io.redfleet.testkit.TestBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/**
 * {@code ./redfleet bench [SCRIPTED [REAL]]}: measures on this machine, prints a line for each quantity, and ends with 1 if
 * a bound is missed. Needs a built tree. Takes about ten minutes with the default counts (1,000 scripted, 30 real).
 */
public final class Bench {
    private static final Duration SOON = Duration.ofSeconds(20);

    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        int scripted = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000;
        int real = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 30;
        Path directory = Files.createTempDirectory("redfleet-bench");
        boolean latencies = latencies(directory, scripted, real);
        boolean stack = StackBench.run(directory, 3);
        System.exit(latencies && stack ? 0 : 1);
    }

    /** Where a long measurement stands, on standard error: the figures come at the end. */
    static void progress(Samples samples) {
        System.err.println(samples.line());
    }

    private static boolean latencies(Path directory, int scripted, int real) throws Exception {
        Samples down = new Samples("death of a scripted instance to instance.down", 50);
        Samples switched = new Samples("scripted +switch-master line to failover.switched", 20);
        Samples realDown = new Samples("SIGKILL of a redis-server to instance.down", 50);
        Samples realSwitched = new Samples("a Sentinel's +switch-master line to failover.switched", 20);
        Samples streamed = new Samples("event on Kafka to a client of the stream", 100);
        Samples first = new Samples("first event of a fresh monitor", 500);
        try (TestBroker broker = TestBroker.start()) {
            BusSettings settings = WatchBench.settings(broker);
            try (Admin admin = Admin.create(settings.common())) {
                new TopicAdmin(admin, SOON).create();
            }
            Map<String, String> environment = Map.of(
                    "REDFLEET_HOME",
                    directory.toString(),
                    "REDFLEET_BOOTSTRAP",
                    broker.bootstrap(),
                    "REDFLEET_AUDIT_URL",
                    "http://127.0.0.1:1",
                    "REDFLEET_INSTANCE",
                    "bench-0");
            try (ServiceProcess monitor = service("monitor-service", directory, environment, broker.login("monitor"));
                    ServiceProcess gateway = service("api-gateway", directory, environment, broker.login("gateway"));
                    BusProducer producer = new BusProducer(settings, SOON);
                    EventTap tap = new EventTap(settings)) {
                monitor.awaitReady();
                gateway.awaitReady();
                new WatchBench(producer, tap).run(scripted, down, switched);
                new RealBench(producer, tap).run(real, realDown, realSwitched);
                String token = Files.readString(directory.resolve("credentials/admin-token"))
                        .strip();
                new StreamBench(producer, "http://127.0.0.1:" + gateway.port(), token).run(scripted, streamed);
                FirstEvent.run(10, new FirstEvent.Parts(monitor, producer, tap), first);
            }
        }
        List<Samples> all = List.of(down, realDown, switched, realSwitched, streamed, first);
        all.forEach(samples -> System.out.println(samples.line()));
        return all.stream().allMatch(Samples::holds);
    }

    private static ServiceProcess service(String module, Path directory, Map<String, String> environment, Path login) {
        Map<String, String> own = new HashMap<>(environment);
        own.put("REDFLEET_KAFKA_CLIENT", login.toString());
        return new ServiceProcess(module, directory, own);
    }
}
