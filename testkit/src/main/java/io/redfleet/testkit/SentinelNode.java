package io.redfleet.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A real redis-sentinel on an ephemeral loopback port that watches one master. */
public final class SentinelNode extends RedisProcess {
    private final String masterName;

    private SentinelNode(int port, String masterName, List<String> config) {
        super(RedisBinaries.sentinel(), port, config);
        this.masterName = masterName;
    }

    /** What a Sentinel is told about its master. */
    public record Watch(String masterName, int quorum, Duration downAfter, Duration failoverTimeout) {}

    /** @param extra lines of sentinel.conf that come last */
    public static SentinelNode start(RedisNode master, Watch watch, String... extra) {
        int port = FreePort.choose();
        String name = watch.masterName();
        List<String> lines = new ArrayList<>(List.of(
                "bind " + LOOPBACK,
                "port " + port,
                "daemonize no",
                "sentinel announce-ip " + LOOPBACK,
                "sentinel announce-port " + port,
                "sentinel monitor " + name + " " + LOOPBACK + " " + master.port() + " " + watch.quorum(),
                "sentinel down-after-milliseconds " + name + " "
                        + watch.downAfter().toMillis(),
                "sentinel failover-timeout " + name + " "
                        + watch.failoverTimeout().toMillis(),
                "sentinel parallel-syncs " + name + " 1"));
        lines.addAll(List.of(extra));
        return new SentinelNode(port, name, lines);
    }

    /** The port of the master it hands out to clients now; empty if it is away. */
    public Optional<Integer> masterPort() {
        return ask("SENTINEL", "get-master-addr-by-name", masterName)
                .filter(reply -> reply.contains(" "))
                .map(reply -> Integer.valueOf(reply.substring(reply.indexOf(' ') + 1)));
    }

    /** What it says of itself (a tilt is told there) and of the master that it watches, for a test's complaint. */
    String view() {
        return Stream.of(ask("INFO", "sentinel"), ask("SENTINEL", "master", masterName))
                .map(answer -> answer.orElse("no answer").replaceAll("\\s+", " "))
                .collect(Collectors.joining("; "));
    }

    /** Whether it watches the node on that port as the master and has no failover of its own on the way. */
    boolean settledOn(int port) {
        return ask("SENTINEL", "master", masterName)
                .filter(master -> master.matches("(?s).*\\bport\\s+" + port + "\\b.*")
                        && !master.contains("failover_in_progress"))
                .isPresent();
    }

    /** Whether it knows of that many replicas and of that many Sentinels beside itself, and quorum is reachable. */
    public boolean knows(int replicas, int others) {
        return ask("INFO", "sentinel")
                        .filter(info -> info.contains("status=ok")
                                && info.contains("slaves=" + replicas + ",")
                                && info.contains("sentinels=" + (others + 1)))
                        .isPresent()
                && ask("SENTINEL", "ckquorum", masterName)
                        .filter(reply -> reply.startsWith("OK"))
                        .isPresent();
    }
}
