package io.redfleet.bench.apply;

import io.redfleet.bench.Memory;
import io.redfleet.testkit.Installation;
import io.redfleet.testkit.LoopbackHost;
import io.redfleet.testkit.SshKey;
import io.redfleet.testkit.ThreeHosts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A cluster on many hosts: an sshd on each of so many loopback addresses, a small Redis behind each, a Sentinel behind the first
 * three. All of it shares this machine's processors, which hosts of their own would not.
 */
public final class HostsBench {
    private static final int FEWER = 10;
    private static final double SLOWER_MAX = 8;
    private static final long PEAK_BOUND_MIB = 300;
    private static final int SENTINELS = 3;
    private static final Duration WITHIN = Duration.ofMinutes(8);
    private static final String CREDENTIAL = "bench-hosts";

    private final Installation stack;
    private final CommandLine redfleet;
    private final Path directory;
    private final SshKey key;

    private HostsBench(Installation stack, Path directory) throws IOException {
        this.stack = stack;
        this.directory = directory;
        this.redfleet = new CommandLine(stack, directory);
        Path keys = Files.createDirectories(stack.home().resolve("credentials/ssh"));
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rwx------"));
        this.key = SshKey.generate(keys.resolve(CREDENTIAL));
    }

    /**
     * Prints its figures; true when both bounds hold.
     *
     * @param hosts 30 to 200; the cluster beside it is on a tenth of them
     */
    public static boolean run(Path parent, int hosts) throws Exception {
        if (hosts < SENTINELS * FEWER || hosts > 200) {
            throw new IllegalArgumentException("hosts " + hosts + " is not from " + SENTINELS * FEWER + " to 200");
        }
        Path directory = Files.createDirectories(parent.resolve("hosts"));
        try (Installation stack = Installation.up(directory.resolve("home"))) {
            HostsBench bench = new HostsBench(stack, directory);
            int few = hosts / FEWER;
            progress("a first cluster, which is not counted: " + few + " hosts");
            var unused = bench.measured("first", few);
            progress("a cluster on " + few + " hosts");
            Measured one = bench.measured("few", few);
            progress("a cluster on " + hosts + " hosts");
            Measured all = bench.measured("many", hosts);
            double slower = all.seconds() / one.seconds();
            boolean fast = slower <= SLOWER_MAX;
            System.out.printf(
                    Locale.ROOT,
                    "a new cluster on %d hosts: %.1f s, on %d hosts: %.1f s, %.1f times that (bound %.0f: %s)%n",
                    few,
                    one.seconds(),
                    hosts,
                    all.seconds(),
                    slower,
                    SLOWER_MAX,
                    fast ? "holds" : "MISSED");
            boolean small = all.provisioner().peakMib() <= PEAK_BOUND_MIB;
            System.out.printf(
                    "the provisioner of %d hosts holds %s (bound of the most %d MiB: %s)%n",
                    hosts, all.provisioner(), PEAK_BOUND_MIB, small ? "holds" : "MISSED");
            return fast && small;
        }
    }

    /**
     * @param seconds from the command to its end, which says that every step was verified
     * @param provisioner after a second apply, while all the hosts are there
     */
    private record Measured(double seconds, Memory provisioner) {}

    private Measured measured(String name, int count) throws IOException, InterruptedException {
        Path place = Files.createDirectories(directory.resolve(name));
        List<LoopbackHost> hosts = new ArrayList<>();
        try {
            for (int i = 1; i <= count; i++) {
                hosts.add(LoopbackHost.start(place, "127.0.1." + i, key));
            }
            Path spec = Files.writeString(directory.resolve(name + ".yaml"), spec(name, hosts));
            Ran ran = redfleet.waiting(WITHIN, "apply", "-f", spec.toString());
            String again =
                    redfleet.waiting(WITHIN, "apply", "-f", spec.toString()).text();
            if (!again.contains("nothing to change")) {
                throw new IllegalStateException("a second apply on " + count + " hosts is not idle:\n" + again);
            }
            Memory memory = Memory.of(stack.process("provisioner"));
            var unused = redfleet.waiting(WITHIN, "delete", name, "--confirm", name, "--remove-data");
            return new Measured(ran.seconds(), memory);
        } finally {
            for (LoopbackHost host : hosts) {
                // What a cluster left that could not be removed.
                ThreeHosts.endInstances(host);
                host.close();
            }
        }
    }

    private static String spec(String name, List<LoopbackHost> hosts) {
        String first = hosts.getFirst().address();
        StringBuilder text =
                new StringBuilder("""
                apiVersion: redfleet.io/v1
                kind: Cluster
                metadata: {name: %s}
                spec:
                  service: process
                  redis: {port: %d, config: {maxmemory: 16mb}}
                  sentinel: {port: %d, quorum: 2, downAfter: 30s}
                  bootstrapMaster: h1
                  hosts:
                """.formatted(name, LoopbackHost.freePort(first), LoopbackHost.freePort(first)));
        for (int i = 0; i < hosts.size(); i++) {
            LoopbackHost host = hosts.get(i);
            String roles = i < SENTINELS ? "[redis, sentinel]" : "[redis]";
            text.append("    - {name: h%d, address: %s, roles: %s, directory: \"%s\", ssh: %s}%n"
                    .formatted(i + 1, host.address(), roles, host.home().resolve("redfleet"), ssh(host)));
        }
        return text.toString();
    }

    private static String ssh(LoopbackHost host) {
        return "{user: \"%s\", port: %d, credential: %s, hostKey: \"%s\"}"
                .formatted(host.user(), host.port(), CREDENTIAL, host.publicHostKey());
    }

    private static void progress(String what) {
        System.err.println(what);
    }
}
