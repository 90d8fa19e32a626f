package io.redfleet.monitor.edge.config;

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
import io.redfleet.testkit.RedisProcess;
import io.redfleet.testkit.RedisTrio;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Real instances as the accepted state of a cluster. */
final class Accepted {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private Accepted() {}

    /** The trio as its accepted state; instances are called r1/redis-server and r1/redis-sentinel and so on. */
    static ClusterState stateOf(String name, RedisTrio trio, Duration downAfter) {
        List<Integer> nodes = trio.nodes().stream().map(RedisProcess::port).toList();
        List<Integer> sentinels =
                trio.sentinels().stream().map(RedisProcess::port).toList();
        return stateOf(name, nodes, sentinels, new SentinelSpec(trio.masterName(), 2, downAfter, DEADLINE, 1));
    }

    static ClusterState stateOf(String name, List<Integer> nodes, List<Integer> sentinels, SentinelSpec told) {
        List<HostSpec> hosts = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            hosts.add(new HostSpec(
                    new HostName("r" + (i + 1)),
                    "127.0.0.1",
                    "",
                    new SshSpec("nobody", 22, "none", null),
                    "redis",
                    List.of(
                            instance("redis-server", InstanceRole.REDIS, nodes.get(i)),
                            instance("redis-sentinel", InstanceRole.SENTINEL, sentinels.get(i)))));
        }
        ClusterSpec spec = new ClusterSpec(
                new ClusterName(name),
                Map.of(),
                new RedisSpec("redis", "", "present", Map.of()),
                new Durability(0, DEADLINE),
                told,
                hosts,
                new HostName("r1"),
                "process",
                new WatchSpec(WatchMode.AUTO, Duration.ofSeconds(1), Duration.ofSeconds(1)),
                SecuritySpec.OFF);
        return new ClusterState(
                ClusterState.SCHEMA, new ClusterUid(name + "-uid"), 1, Phase.READY, "ready", Instant.now(), spec);
    }

    /** The same cluster with {@code watch.rules}. */
    static ClusterState under(ClusterState state, String rules) {
        ClusterSpec spec = state.spec();
        WatchSpec watch = new WatchSpec(
                spec.watch().mode(), spec.watch().probe(), spec.watch().cycle(), rules);
        ClusterSpec own = spec.with(watch);
        return new ClusterState(
                state.schema(), state.uid(), state.revision(), state.phase(), state.reason(), state.since(), own);
    }

    private static InstanceSpec instance(String name, InstanceRole role, int port) {
        return new InstanceSpec(name, role, port, 100, new Endpoint("127.0.0.1", port));
    }
}
