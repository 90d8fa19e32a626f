package io.redfleet.monitor;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Durability;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.cluster.RedisSpec;
import io.redfleet.contracts.cluster.SecuritySpec;
import io.redfleet.contracts.cluster.SentinelSpec;
import io.redfleet.contracts.cluster.SshSpec;
import io.redfleet.contracts.cluster.WatchMode;
import io.redfleet.contracts.cluster.WatchSpec;
import io.redfleet.contracts.cluster.WatchSpec.Compat;
import io.redfleet.contracts.cluster.WatchSpec.RestartWindow;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.fleet.Mishaps;
import io.redfleet.monitor.probe.Figures;
import io.redfleet.monitor.roster.Roster;
import io.redfleet.monitor.topology.SentinelView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** The cluster "orders" of the tests: r1 to r3, each with a node on 6300 to 6302 and a Sentinel on 26300 to 26302. */
public final class Orders {
    public static final Duration DOWN_AFTER = Duration.ofSeconds(2);
    public static final InstanceId R1 = node(1);
    public static final InstanceId R2 = node(2);
    public static final InstanceId R3 = node(3);
    public static final InstanceId S1 = sentinel(1);
    public static final InstanceId S2 = sentinel(2);
    public static final InstanceId S3 = sentinel(3);
    public static final List<InstanceId> NODES = List.of(R1, R2, R3);
    public static final List<InstanceId> SENTINELS = List.of(S1, S2, S3);

    /** For watches that do not fail: a fault is thrown at the test. */
    public static final Mishaps FAULTLESS = (cluster, inARow, fault) -> {
        throw fault;
    };

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private Orders() {}

    /** This long after the test's beginning, on both clocks. */
    public static Moment at(long millis) {
        return new Moment(START.plusMillis(millis), Duration.ofMillis(millis).toNanos());
    }

    public static Endpoint address(int number) {
        return new Endpoint("127.0.0.1", 6299 + number);
    }

    public static Endpoint sentinelAddress(int number) {
        return new Endpoint("127.0.0.1", 26299 + number);
    }

    public static ClusterState state() {
        return state("orders", Phase.READY, WatchMode.AUTO);
    }

    public static ClusterState state(String name, Phase phase, WatchMode mode) {
        return state(name, phase, mode, 100);
    }

    /** @param priority of every node: 0 for never a master by Sentinel's will */
    public static ClusterState state(String name, Phase phase, WatchMode mode, int priority) {
        List<HostSpec> hosts = IntStream.rangeClosed(1, 3)
                .mapToObj(number -> host(number, priority))
                .toList();
        ClusterSpec spec = new ClusterSpec(
                new ClusterName(name),
                Map.of(),
                new RedisSpec("redis", "", "present", Map.of()),
                new Durability(0, Duration.ofSeconds(10)),
                new SentinelSpec("orders", 2, DOWN_AFTER, Duration.ofSeconds(10), 1),
                hosts,
                new HostName("r1"),
                "process",
                new WatchSpec(mode, Duration.ofSeconds(1), Duration.ofSeconds(5)),
                SecuritySpec.OFF);
        return new ClusterState(ClusterState.SCHEMA, new ClusterUid(name + "-uid"), 1, phase, "", START, spec);
    }

    public static Roster roster() {
        return Roster.of(state());
    }

    /** Under a second spec, with rules of its own. */
    public static Roster roster(String rules, Compat compat) {
        return roster(rules, compat, RestartWindow.TUMBLING);
    }

    public static Roster roster(String rules, Compat compat, RestartWindow window) {
        ClusterState state = state();
        ClusterSpec spec = state.spec();
        WatchSpec watch = new WatchSpec(
                spec.watch().mode(), spec.watch().probe(), spec.watch().cycle(), rules, compat, window);
        return Roster.of(new ClusterState(
                state.schema(), state.uid(), 2, state.phase(), state.reason(), state.since(), spec.with(watch)));
    }

    /** A Sentinel's view in which all is well. */
    public static SentinelView view(int sentinel, int master, int epoch, Moment at) {
        return new SentinelView(sentinel(sentinel), address(master), epoch, Set.of("master"), true, 3, Set.of(), at);
    }

    public static Figures run(String runId) {
        return new Figures(Map.of("run_id", runId, "uptime_in_seconds", "1"));
    }

    private static InstanceId node(int number) {
        return new InstanceId("r" + number + "/redis-server");
    }

    private static InstanceId sentinel(int number) {
        return new InstanceId("r" + number + "/redis-sentinel");
    }

    private static HostSpec host(int number, int priority) {
        return new HostSpec(
                new HostName("r" + number),
                "127.0.0.1",
                "",
                new SshSpec("ops", 22, "key", null),
                "redis",
                List.of(
                        new InstanceSpec(
                                "redis-server",
                                InstanceRole.REDIS,
                                address(number).port(),
                                priority,
                                address(number)),
                        new InstanceSpec(
                                "redis-sentinel",
                                InstanceRole.SENTINEL,
                                sentinelAddress(number).port(),
                                100,
                                sentinelAddress(number))));
    }
}
