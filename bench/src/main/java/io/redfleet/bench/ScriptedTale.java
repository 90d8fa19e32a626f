package io.redfleet.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What is true of a scripted cluster at one moment, and how each of its instances says so.
 *
 * @param ports of the data nodes, on loopback
 * @param master which of them takes writes
 * @param epoch how many failovers there have been
 * @param lives which run of each data node's process this is, from 1
 */
record ScriptedTale(String name, List<Integer> ports, int master, int epoch, List<Integer> lives) {
    private static final String LOOPBACK = LoopbackSpec.ADDRESS;

    ScriptedTale {
        ports = List.copyOf(ports);
        lives = List.copyOf(lives);
    }

    static ScriptedTale begun(String name, List<Integer> ports) {
        return new ScriptedTale(name, ports, 0, 0, ports.stream().map(port -> 1).toList());
    }

    ScriptedTale failedOver() {
        return new ScriptedTale(name, ports, (master + 1) % ports.size(), epoch + 1, lives);
    }

    ScriptedTale restarted(int index) {
        List<Integer> next = new ArrayList<>(lives);
        next.set(index, lives.get(index) + 1);
        return new ScriptedTale(name, ports, master, epoch, next);
    }

    /** Redis's own id of this run of a data node. */
    String runId(int index) {
        return "%040x".formatted((long) name.hashCode() * 1_000 + index * 100L + lives.get(index) & 0xffffffffL);
    }

    static String sentinelId(int index) {
        return "%040d".formatted(index + 1);
    }

    String masterAddress() {
        return LOOPBACK + " " + ports.get(master);
    }

    /** What data node {@code index} answers. */
    Object data(int index, List<String> command) {
        return switch (command.getFirst().toLowerCase(Locale.ROOT)) {
            case "ping" -> new Resp.Simple("PONG");
            case "role" ->
                index == master
                        ? List.of("master", 1000, List.of())
                        : List.of("slave", LOOPBACK, ports.get(master), "connected", 1000);
            case "info" -> dataInfo(index);
            case "client" -> new Resp.Simple("OK");
            default -> new Resp.Failure("ERR unknown command");
        };
    }

    private String dataInfo(int index) {
        Map<String, Object> replication = new TreeMap<>();
        replication.put("role", index == master ? "master" : "slave");
        replication.put("connected_slaves", index == master ? ports.size() - 1 : 0);
        replication.put("master_repl_offset", 1000);
        if (index != master) {
            replication.put("master_host", LOOPBACK);
            replication.put("master_port", ports.get(master));
            replication.put("master_link_status", "up");
            replication.put("master_last_io_seconds_ago", 0);
            replication.put("slave_repl_offset", 1000);
            replication.put("slave_priority", 100);
        }
        return ScriptedNode.info(
                        "Server",
                        Map.of(
                                "redis_version",
                                "7.0.15",
                                "redis_mode",
                                "standalone",
                                "run_id",
                                runId(index),
                                "uptime_in_seconds",
                                100))
                + ScriptedNode.info("Persistence", Map.of("loading", 0, "async_loading", 0))
                + ScriptedNode.info("Replication", replication);
    }

    /** What Sentinel {@code index} answers. */
    Object sentinel(int index, List<String> command) {
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
            case "myid" -> sentinelId(index);
            case "get-master-addr-by-name" -> List.of(LOOPBACK, String.valueOf(ports.get(master)));
            case "ckquorum" ->
                new Resp.Simple("OK 3 usable Sentinels. Quorum and failover authorization can be reached");
            case "master" -> masterFields();
            case "masters" -> List.of(masterFields());
            case "replicas", "slaves" ->
                IntStream.range(0, ports.size())
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
                String.valueOf(ports.get(master)),
                "flags",
                "master",
                "role-reported",
                "master",
                "config-epoch",
                String.valueOf(epoch),
                "num-slaves",
                String.valueOf(ports.size() - 1),
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
        String port = String.valueOf(ports.get(index));
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
                String.valueOf(ports.get(master)),
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
                                sentinelId(index),
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
                                "name=" + name + ",status=ok,address=" + LOOPBACK + ":" + ports.get(master) + ",slaves="
                                        + (ports.size() - 1) + ",sentinels=3"));
    }
}
