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
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Three scripted Redis and three scripted Sentinels that tell one consistent story. Thread-safe. */
final class ScriptedCluster implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";

    private final String name;
    private final List<ScriptedNode> data = new ArrayList<>();
    private final List<ScriptedNode> sentinels = new ArrayList<>();
    private final List<Integer> lives = new ArrayList<>(List.of(1, 1, 1)); // guarded by this
    private int master; // guarded by this
    private int epoch; // guarded by this

    ScriptedCluster(String name) {
        this.name = name;
        for (int i = 0; i < 3; i++) {
            int index = i;
            data.add(ScriptedNode.listening(command -> dataReply(index, command)));
            sentinels.add(ScriptedNode.listening(command -> sentinelReply(index, command)));
        }
    }

    String name() {
        return name;
    }

    ScriptedNode data(int index) {
        return data.get(index);
    }

    synchronized void restarted(int index) {
        lives.set(index, lives.get(index) + 1);
    }

    boolean watched() {
        return sentinels.stream().allMatch(ScriptedNode::hasSubscriber);
    }

    /**
     * Plays a failover to the next node: roles change, and the Sentinels publish the lines of a real one in their order,
     * two followers before the leader.
     *
     * @return {@link System#nanoTime()} just before the first +switch-master line
     */
    long failOver() {
        String old;
        String line;
        int now;
        synchronized (this) {
            int next = (master + 1) % 3;
            old = LOOPBACK + " " + data.get(master).port();
            line = name + " " + old + " " + LOOPBACK + " " + data.get(next).port();
            master = next;
            now = ++epoch;
        }
        sentinels.forEach(sentinel -> publish(sentinel, "+new-epoch", String.valueOf(now)));
        ScriptedNode leader = sentinels.getFirst();
        publish(leader, "+try-failover", "master " + name + " " + old);
        publish(leader, "+elected-leader", "master " + name + " " + old);
        long first = sentinels.get(1).publish("+switch-master", line);
        publish(sentinels.get(2), "+switch-master", line);
        publish(leader, "+failover-end", "master " + name + " " + old);
        publish(leader, "+switch-master", line);
        return first;
    }

    private static void publish(ScriptedNode sentinel, String channel, String payload) {
        var unused = sentinel.publish(channel, payload);
    }

    /** The record that makes a monitor watch it. */
    ClusterState state() {
        List<HostSpec> hosts = IntStream.range(0, 3).mapToObj(this::host).toList();
        ClusterSpec spec = new ClusterSpec(
                new ClusterName(name),
                Map.of(),
                new RedisSpec("redis", "", "present", Map.of()),
                new Durability(0, Duration.ofSeconds(10)),
                new SentinelSpec(name, 2, Duration.ofSeconds(5), Duration.ofSeconds(60), 1),
                hosts,
                new HostName("h0"),
                "process",
                new WatchSpec(WatchMode.OBSERVE, Duration.ofSeconds(1), Duration.ofSeconds(5)),
                SecuritySpec.OFF);
        return new ClusterState(
                ClusterState.SCHEMA, new ClusterUid("bench-" + name), 1, Phase.READY, "scripted", Instant.now(), spec);
    }

    @Override
    public void close() {
        data.forEach(ScriptedNode::close);
        sentinels.forEach(ScriptedNode::close);
    }

    private HostSpec host(int index) {
        return new HostSpec(
                new HostName("h" + index),
                LOOPBACK,
                "",
                new SshSpec("nobody", 22, "none", null),
                "redfleet",
                List.of(
                        instance(
                                "redis-server",
                                InstanceRole.REDIS,
                                data.get(index).port()),
                        instance(
                                "redis-sentinel",
                                InstanceRole.SENTINEL,
                                sentinels.get(index).port())));
    }

    private static InstanceSpec instance(String instance, InstanceRole role, int port) {
        return new InstanceSpec(instance, role, port, 100, new Endpoint(LOOPBACK, port));
    }

    private synchronized Object dataReply(int index, List<String> command) {
        return switch (command.getFirst().toLowerCase(Locale.ROOT)) {
            case "ping" -> new Resp.Simple("PONG");
            case "role" ->
                index == master
                        ? List.of("master", 1000, List.of())
                        : List.of("slave", LOOPBACK, data.get(master).port(), "connected", 1000);
            case "info" -> dataInfo(index);
            case "client" -> new Resp.Simple("OK");
            default -> new Resp.Failure("ERR unknown command");
        };
    }

    private String dataInfo(int index) {
        Map<String, Object> replication = new TreeMap<>();
        replication.put("role", index == master ? "master" : "slave");
        replication.put("connected_slaves", index == master ? 2 : 0);
        replication.put("master_repl_offset", 1000);
        if (index != master) {
            replication.put("master_host", LOOPBACK);
            replication.put("master_port", data.get(master).port());
            replication.put("master_link_status", "up");
            replication.put("master_last_io_seconds_ago", 0);
            replication.put("slave_repl_offset", 1000);
            replication.put("slave_priority", 100);
        }
        String runId =
                "%040x".formatted((long) name.hashCode() * 1_000 + index * 100L + lives.get(index) & 0xffffffffL);
        return ScriptedNode.info(
                        "Server",
                        Map.of(
                                "redis_version",
                                "7.0.15",
                                "redis_mode",
                                "standalone",
                                "run_id",
                                runId,
                                "uptime_in_seconds",
                                100))
                + ScriptedNode.info("Persistence", Map.of("loading", 0, "async_loading", 0))
                + ScriptedNode.info("Replication", replication);
    }

    private synchronized Object sentinelReply(int index, List<String> command) {
        return switch (command.getFirst().toLowerCase(Locale.ROOT)) {
            case "ping" -> new Resp.Simple("PONG");
            case "role" -> List.of("sentinel", List.of(name));
            case "info" -> sentinelInfo(index);
            case "client", "auth" -> new Resp.Simple("OK");
            case "sentinel" -> sentinelVerb(index, command);
            default -> new Resp.Failure("ERR unknown command");
        };
    }

    private Object sentinelVerb(int index, List<String> command) {
        return switch (command.get(1).toLowerCase(Locale.ROOT)) {
            case "myid" -> "%040d".formatted(index + 1);
            case "get-master-addr-by-name" ->
                List.of(LOOPBACK, String.valueOf(data.get(master).port()));
            case "ckquorum" ->
                new Resp.Simple("OK 3 usable Sentinels. Quorum and failover authorization can be reached");
            case "master" -> masterFields();
            case "masters" -> List.of(masterFields());
            case "replicas", "slaves" ->
                IntStream.range(0, 3)
                        .filter(i -> i != master)
                        .mapToObj(this::replicaFields)
                        .toList();
            default -> new Resp.Failure("ERR unknown sentinel subcommand");
        };
    }

    private List<String> masterFields() {
        return List.of(
                "name",
                name,
                "ip",
                LOOPBACK,
                "port",
                String.valueOf(data.get(master).port()),
                "flags",
                "master",
                "role-reported",
                "master",
                "config-epoch",
                String.valueOf(epoch),
                "num-slaves",
                "2",
                "num-other-sentinels",
                "2",
                "quorum",
                "2",
                "down-after-milliseconds",
                "5000",
                "failover-timeout",
                "60000",
                "parallel-syncs",
                "1");
    }

    private List<String> replicaFields(int index) {
        String port = String.valueOf(data.get(index).port());
        return List.of(
                "name",
                LOOPBACK + ":" + port,
                "ip",
                LOOPBACK,
                "port",
                port,
                "flags",
                "slave",
                "master-link-status",
                "ok",
                "master-host",
                LOOPBACK,
                "master-port",
                String.valueOf(data.get(master).port()),
                "slave-priority",
                "100",
                "slave-repl-offset",
                "1000");
    }

    private String sentinelInfo(int index) {
        return ScriptedNode.info(
                        "Server",
                        Map.of(
                                "redis_version",
                                "7.0.15",
                                "redis_mode",
                                "sentinel",
                                "run_id",
                                "%040d".formatted(index + 1),
                                "uptime_in_seconds",
                                100))
                + ScriptedNode.info(
                        "Sentinel",
                        Map.of(
                                "sentinel_masters",
                                1,
                                "sentinel_tilt",
                                0,
                                "master0",
                                "name=" + name + ",status=ok,address=" + LOOPBACK + ":"
                                        + data.get(master).port() + ",slaves=2,sentinels=3"));
    }
}
