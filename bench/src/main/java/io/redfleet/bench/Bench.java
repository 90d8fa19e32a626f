package io.redfleet.bench;

import io.redfleet.bench.apply.AnsibleBench;
import io.redfleet.bench.apply.HostsBench;
import io.redfleet.bus.BusProducer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * {@code ./redfleet bench [PART] [NUMBER ...]}: measures on this machine, prints a line for each quantity, and ends with 1 if
 * a bound is missed. Needs a built tree, and {@code ulimit -n} of 16,000 for {@code replay} and {@code probes}.
 *
 * <p>Without a part all but the last two are measured, which takes about half an hour, and the numbers are those of
 * {@code latency}. The numbers of each part, with what they are if left out:
 *
 * <ul>
 *   <li>{@code latency [SCRIPTED [REAL]]}: deaths and failovers of scripted peers (1,000) and of real ones (30)
 *   <li>{@code stack [STARTS]}: starts of the whole stack (3)
 *   <li>{@code takeover [CLUSTERS [ROUNDS]]}: clusters that two monitors share (200), moves of each kind (3)
 *   <li>{@code orders [ORDERS]}: orders through REST (2,000)
 *   <li>{@code replay [CLUSTERS]}: clusters whose records a service reads at its start (1,000)
 *   <li>{@code engine}: services that the check engine judges
 *   <li>{@code probes [CLUSTERS [SECONDS]]}: clusters of nine that one monitor watches (556), for so long (60)
 *   <li>{@code hosts [HOSTS]}: one cluster on so many hosts on loopback (50), against one on a tenth of them; only if it is named
 *   <li>{@code ansible [ROUNDS]}: Redfleet beside Ansible on three hosts that boot systemd (3); only if it is named
 * </ul>
 */
public final class Bench {
    private Bench() {}

    /** What can be measured alone. */
    private enum Part {
        LATENCY,
        STACK,
        TAKEOVER,
        ORDERS,
        REPLAY,
        ENGINE,
        PROBES,
        HOSTS,
        ANSIBLE
    }

    public static void main(String[] arguments) throws Exception {
        List<String> words = List.of(arguments);
        boolean alone = !words.isEmpty() && !words.getFirst().matches("\\d+");
        List<Part> parts = alone ? List.of(part(words.getFirst())) : usual();
        List<Integer> numbers =
                words.stream().skip(alone ? 1 : 0).map(Integer::valueOf).toList();
        Path directory = Files.createTempDirectory("redfleet-bench");
        boolean holds = true;
        for (Part part : parts) {
            holds &= run(part, directory, alone || part == Part.LATENCY ? numbers : List.of());
        }
        System.exit(holds ? 0 : 1);
    }

    /** Where a long measurement stands, on standard error: the figures come at the end. */
    static void progress(Samples samples) {
        System.err.println(samples.line());
    }

    /** What is measured without being named: not what takes the machine for itself, or needs what is not Redfleet's. */
    private static List<Part> usual() {
        return Arrays.stream(Part.values())
                .filter(part -> part != Part.HOSTS && part != Part.ANSIBLE)
                .toList();
    }

    private static Part part(String word) {
        return Arrays.stream(Part.values())
                .filter(part -> part.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "nothing to measure is called " + word + "; there are " + Arrays.toString(Part.values())));
    }

    private static boolean run(Part part, Path directory, List<Integer> numbers) throws Exception {
        return switch (part) {
            case LATENCY -> latencies(directory, number(numbers, 0, 1_000), number(numbers, 1, 30));
            case STACK -> StackBench.run(directory, number(numbers, 0, 3));
            case TAKEOVER -> TakeoverBench.run(directory, number(numbers, 0, 200), number(numbers, 1, 3));
            case ORDERS -> OrdersBench.run(directory, number(numbers, 0, 2_000));
            case REPLAY -> ReplayBench.run(directory, number(numbers, 0, 1_000));
            case ENGINE -> EngineBench.run();
            case PROBES -> ProbesBench.run(directory, number(numbers, 0, 556), number(numbers, 1, 60));
            case HOSTS -> HostsBench.run(directory, number(numbers, 0, 50));
            case ANSIBLE -> AnsibleBench.run(directory, number(numbers, 0, 3));
        };
    }

    private static int number(List<Integer> numbers, int index, int usual) {
        return index < numbers.size() ? numbers.get(index) : usual;
    }

    private static boolean latencies(Path directory, int scripted, int real) throws Exception {
        Samples down = new Samples("death of a scripted instance to instance.down", 50);
        Samples switched = new Samples("scripted +switch-master line to failover.switched", 20);
        Samples realDown = new Samples("SIGKILL of a redis-server to instance.down", 50);
        Samples realSwitched = new Samples("a Sentinel's +switch-master line to failover.switched", 20);
        Samples streamed = new Samples("event on Kafka to a client of the stream", 100);
        Samples kafka = Samples.peer("a plain producer to Kafka's acknowledgment");
        Samples first = new Samples("first event of a fresh monitor", 500);
        try (Workbench bench = Workbench.in(directory.resolve("latency"));
                ServiceProcess monitor = bench.service("monitor-service", "monitor", "bench-0");
                ServiceProcess gateway = bench.service("api-gateway", "gateway", "bench-0");
                EventTap tap = new EventTap(bench.settings())) {
            monitor.awaitReady();
            gateway.awaitReady();
            BusProducer producer = bench.producer();
            new WatchBench(producer, tap).run(scripted, down, switched);
            new RealBench(producer, tap).run(real, realDown, realSwitched);
            String address = "http://127.0.0.1:" + gateway.port();
            new StreamBench(producer, address, bench.adminToken()).run(scripted, streamed, kafka);
            FirstEvent.run(10, new FirstEvent.Parts(monitor, producer, tap), first);
        }
        return Samples.print(List.of(kafka, down, realDown, switched, realSwitched, streamed, first));
    }
}
