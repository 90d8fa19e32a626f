package io.redfleet.monitor.fleet;

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
import io.redfleet.monitor.Orders;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Another cluster, "payments": one data node on a port that the test chooses. */
public final class Payments {
    public static final ClusterName NAME = new ClusterName("payments");

    private Payments() {}

    /** One that runs. */
    public static ClusterState on(int port) {
        return named(NAME.value(), port);
    }

    /** One like it. */
    public static ClusterState named(String name, int port) {
        return state(name, port, Phase.READY, 1);
    }

    /** One that was never more than a spec. */
    public static ClusterState wished(int port) {
        return state(NAME.value(), port, Phase.FAILED, 0);
    }

    public static Endpoint address(int port) {
        return new Endpoint("127.0.0.1", port);
    }

    private static ClusterState state(String name, int port, Phase phase, long applied) {
        HostSpec host = new HostSpec(
                new HostName("p1"),
                "127.0.0.1",
                "",
                new SshSpec("ops", 22, "key", null),
                "redis",
                List.of(new InstanceSpec("redis-server", InstanceRole.REDIS, port, 100, address(port))));
        ClusterSpec spec = new ClusterSpec(
                new ClusterName(name),
                Map.of(),
                new RedisSpec("redis", "", "present", Map.of()),
                new Durability(0, Duration.ofSeconds(10)),
                new SentinelSpec("payments", 2, Orders.DOWN_AFTER, Duration.ofSeconds(10), 1),
                List.of(host),
                new HostName("p1"),
                "process",
                new WatchSpec(WatchMode.AUTO, Duration.ofSeconds(1), Duration.ofSeconds(5)),
                SecuritySpec.OFF);
        return new ClusterState(
                ClusterState.SCHEMA,
                new ClusterUid(name + "-uid"),
                1,
                phase,
                "",
                Orders.at(0).wall(),
                spec,
                applied);
    }
}
