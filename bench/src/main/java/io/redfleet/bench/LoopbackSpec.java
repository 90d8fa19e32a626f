package io.redfleet.bench;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Durability;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.cluster.RedisSpec;
import io.redfleet.contracts.cluster.SecuritySpec;
import io.redfleet.contracts.cluster.SentinelSpec;
import io.redfleet.contracts.cluster.SshSpec;
import io.redfleet.contracts.cluster.WatchMode;
import io.redfleet.contracts.cluster.WatchSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The record that makes a monitor watch instances on loopback: hosts {@code h0}, {@code h1} and so on, each with a Redis, and
 * with a Sentinel as long as there are any. Nobody acts on such a cluster, and no host of it answers SSH.
 */
final class LoopbackSpec {
    static final String ADDRESS = "127.0.0.1";

    private LoopbackSpec() {}

    /**
     * @param redis ports; the first is the master's
     * @param sentinels ports; not more than there are of Redis
     * @param probe the time between two PINGs of an instance
     */
    static ClusterState state(String name, List<Integer> redis, List<Integer> sentinels, Duration probe) {
        List<HostSpec> hosts = IntStream.range(0, redis.size())
                .mapToObj(i -> host(i, redis, sentinels))
                .toList();
        ClusterSpec spec = new ClusterSpec(
                new ClusterName(name),
                Map.of(),
                new RedisSpec("redis", "", "present", Map.of()),
                new Durability(0, Duration.ofSeconds(10)),
                new SentinelSpec(name, 2, Duration.ofSeconds(5), Duration.ofSeconds(60), 1),
                hosts,
                new HostName("h0"),
                "process",
                new WatchSpec(WatchMode.OBSERVE, probe, Duration.ofSeconds(5)),
                SecuritySpec.OFF);
        return new ClusterState(
                ClusterState.SCHEMA,
                new ClusterUid("bench-" + name),
                1,
                Phase.READY,
                "made for a measurement",
                Instant.now(),
                spec);
    }

    private static HostSpec host(int index, List<Integer> redis, List<Integer> sentinels) {
        List<InstanceSpec> instances = new ArrayList<>();
        instances.add(instance("redis-server", InstanceRole.REDIS, redis.get(index)));
        if (index < sentinels.size()) {
            instances.add(instance("redis-sentinel", InstanceRole.SENTINEL, sentinels.get(index)));
        }
        SshSpec ssh = new SshSpec("nobody", 22, "none", null);
        return new HostSpec(new HostName("h" + index), ADDRESS, "", ssh, "redfleet", instances);
    }

    private static InstanceSpec instance(String name, InstanceRole role, int port) {
        return new InstanceSpec(name, role, port, 100, new Endpoint(ADDRESS, port));
    }
}
