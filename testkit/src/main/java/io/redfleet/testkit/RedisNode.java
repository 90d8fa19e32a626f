package io.redfleet.testkit;

import java.util.ArrayList;
import java.util.List;

/** A real redis-server on an ephemeral loopback port, without persistence unless {@code extra} config says otherwise. */
public final class RedisNode extends RedisProcess {
    private RedisNode(int port, List<String> config) {
        super(RedisBinaries.server(), port, config);
    }

    /** A master. {@code extra}: lines of redis.conf that come last and so win. */
    public static RedisNode start(String... extra) {
        return start(FreePort.choose(), List.of(extra));
    }

    /** A replica; returns when it answers, which is before its first sync is done. */
    public static RedisNode replicaOf(RedisNode master, String... extra) {
        List<String> lines = new ArrayList<>(List.of("replicaof " + LOOPBACK + " " + master.port()));
        lines.addAll(List.of(extra));
        return start(FreePort.choose(), lines);
    }

    private static RedisNode start(int port, List<String> extra) {
        List<String> lines = new ArrayList<>(List.of(
                "bind " + LOOPBACK,
                "port " + port,
                "daemonize no",
                "save \"\"",
                "appendonly no",
                // Among 127.0.0.x every connection comes from 127.0.0.1: say who we are instead of letting others
                // guess.
                "replica-announce-ip " + LOOPBACK,
                "replica-announce-port " + port,
                "repl-diskless-sync yes",
                "repl-diskless-sync-delay 0"));
        lines.addAll(extra);
        return new RedisNode(port, lines);
    }
}
