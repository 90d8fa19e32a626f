package io.redfleet.provisioner.edge;

import io.redfleet.provisioner.survey.Script;
import java.util.List;

/**
 * The step at which an apply is cut, by the script that does it and one of its words, and where the middle of that script is: just
 * before it has that command do something.
 */
enum CutPoint {
    TUNING(3, "tune", "sysctl", "mv", ""),
    FIREWALL(3, "firewall", "shut", "timeout", "nft -f"),
    DIRECTORIES(2, "prepare", "/orders/redis-server", "timeout", "sync /"),
    USERS(1, "new", "/redis-server/users.acl", "timeout", "sync /"),
    CONFIGURATION(2, "new", "/redis-server/redis.conf", "timeout", "sync /"),
    ROTATION(2, "rotate", "/redfleet-orders", "chmod", ""),
    GUARD(3, "unit-guard", "-redis-server.guard", "chown", ""),
    UNIT(1, "unit", "-redis-server.service", "mv", ""),
    MASTER(1, "unit-start", "-redis-server.service", "timeout", "systemctl start"),
    REPLICA(2, "unit-start", "-redis-server.service", "timeout", "systemctl start"),
    SENTINEL_FILE(2, "new", "/redis-sentinel/sentinel.conf", "timeout", "sync /"),
    SENTINEL(3, "unit-start", "-redis-sentinel.service", "timeout", "systemctl start"),
    /** Of what runs: a setting that it takes while it runs. */
    SETTING(1, "tell", "maxmemory", "sleep", ""),
    /** Of what runs: the middle is where writes are fenced, and the Sentinels have been asked. */
    SWITCH(1, "switch", "any", "sleep", "0.05");

    /** Of a new cluster, before anything is started. */
    static final List<CutPoint> BEFORE =
            List.of(TUNING, FIREWALL, DIRECTORIES, USERS, CONFIGURATION, ROTATION, GUARD, UNIT);

    /** Of a new cluster, all of them behind those. */
    static final List<CutPoint> STARTS = List.of(MASTER, REPLICA, SENTINEL_FILE, SENTINEL);

    private final int host;
    private final String script;
    private final String word;
    private final String command;
    private final String words;

    /**
     * @param host on which a new cluster is cut there
     * @param word what one of the script's arguments ends with
     * @param words of the command in the middle; empty: any
     */
    CutPoint(int host, String script, String word, String command, String words) {
        this.host = host;
        this.script = script;
        this.word = word;
        this.command = command;
        this.words = words;
    }

    int host() {
        return host;
    }

    String script() {
        return script;
    }

    /** What one of the script's arguments ends with. */
    String word() {
        return word;
    }

    String command() {
        return command;
    }

    /** What stands among the words of the command; empty: anything. */
    String words() {
        return words;
    }

    boolean isDoneBy(Script other) {
        return other.name().equals(script) && other.arguments().stream().anyMatch(argument -> argument.endsWith(word));
    }

    /** Whether the replicas follow by then, so that the master takes writes. */
    boolean served() {
        return this == SENTINEL_FILE || this == SENTINEL;
    }
}
