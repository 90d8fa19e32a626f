package io.redfleet.provisioner.desired;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which redis.conf directives a spec may set, by Redis 7.0's own list. What runs code, names a file, opens a door or
 * belongs to another part of the spec is not among them.
 */
final class Directives {
    /** No quotes, no backslash, no control characters: nothing ends the value but the end of its line. */
    private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e&&[^\"'\\\\]]{0,512}");

    /** A value that Redis cannot read would keep it from starting. */
    private static final Pattern SAVE = Pattern.compile("(\\d{1,9} +\\d{1,9}( +\\d{1,9} +\\d{1,9})*)?");

    /** What Redis reads at its start only: a value that it cannot read would be found by an instance that is down by then. */
    private static final Map<String, Pattern> AT_START = Map.of(
            "databases", Pattern.compile("[1-9]\\d{0,5}"),
            "tcp-backlog", Pattern.compile("0|[1-9]\\d{0,8}"),
            "io-threads", Pattern.compile("[1-9]\\d?|1[01]\\d|12[0-8]"),
            "io-threads-do-reads", Pattern.compile("yes|no"),
            "rdbchecksum", Pattern.compile("yes|no"),
            "disable-thp", Pattern.compile("yes|no"));

    private static final Map<String, String> AT_START_RULE = Map.of(
            "databases", "must be a number from 1 to 999999",
            "tcp-backlog", "must be a number from 0 to 999999999",
            "io-threads", "must be a number from 1 to 128");

    private static final Set<String> ALLOWED = Set.of("""
            acllog-max-len active-defrag-cycle-max active-defrag-cycle-min active-defrag-ignore-bytes
            active-defrag-max-scan-fields active-defrag-threshold-lower active-defrag-threshold-upper
            active-expire-effort activedefrag activerehashing aof-load-truncated aof-rewrite-incremental-fsync
            aof-timestamp-enabled aof-use-rdb-preamble appendfsync appendonly auto-aof-rewrite-min-size
            auto-aof-rewrite-percentage busy-reply-threshold client-query-buffer-limit databases disable-thp
            dynamic-hz hash-max-listpack-entries hash-max-listpack-value hll-sparse-max-bytes hz io-threads
            io-threads-do-reads jemalloc-bg-thread latency-monitor-threshold latency-tracking
            lazyfree-lazy-eviction lazyfree-lazy-expire lazyfree-lazy-server-del lazyfree-lazy-user-del
            lazyfree-lazy-user-flush lfu-decay-time lfu-log-factor list-compress-depth list-max-listpack-size
            loglevel lua-time-limit maxclients maxmemory maxmemory-clients maxmemory-eviction-tenacity
            maxmemory-policy maxmemory-samples no-appendfsync-on-rewrite notify-keyspace-events
            proto-max-bulk-len rdb-del-sync-files rdb-save-incremental-fsync rdbchecksum rdbcompression
            repl-backlog-size repl-backlog-ttl repl-disable-tcp-nodelay repl-diskless-load repl-diskless-sync
            repl-diskless-sync-delay repl-diskless-sync-max-replicas repl-ping-replica-period repl-timeout
            replica-ignore-maxmemory replica-lazy-flush replica-read-only replica-serve-stale-data
            sanitize-dump-payload save set-max-intset-entries shutdown-timeout slowlog-log-slower-than
            slowlog-max-len stop-writes-on-bgsave-error stream-node-max-bytes stream-node-max-entries
            tcp-backlog tcp-keepalive timeout tracking-table-max-keys zset-max-listpack-entries
            zset-max-listpack-value
            """.trim().split("\\s+", -1));

    /** Directives that another field of the spec decides. */
    private static final Map<String, String> ELSEWHERE = Map.of(
            "port", "spec.redis.port",
            "bind", "spec.hosts[].address",
            "replica-priority", "spec.hosts[].instances[].replicaPriority",
            "replica-announce-ip", "spec.hosts[].instances[].announce",
            "replica-announce-port", "spec.hosts[].instances[].announce",
            "min-replicas-to-write", "spec.durability.minReplicasToWrite",
            "min-replicas-max-lag", "spec.durability.maxLag");

    private static final Pattern FORBIDDEN = Pattern.compile("loadmodule|dir|dbfilename|appendfilename|appenddirname"
            + "|logfile|pidfile|unixsocket.*|aclfile|include|enable-.*|rename-command|replicaof|slaveof|user"
            + "|requirepass|(master|primary)(auth|user)|.*-script|daemonize|supervised|protected-mode|tls-.*"
            + "|cluster-.*");

    private Directives() {}

    /**
     * Redis takes a directive in any case and passes over blanks before it, so it is known by what Redis would make of it;
     * only the plain spelling is taken. Where the name is what is wrong, it is the value that is told: what it was to be set
     * to may be a password.
     */
    static void judge(Broken broken, String field, String name, String value) {
        String known = Normalizer.normalize(name, Normalizer.Form.NFKC).strip().toLowerCase(Locale.ROOT);
        String elsewhere = ELSEWHERE.get(known);
        if (elsewhere != null) {
            broken.rule(field, value, "set by " + elsewhere);
        } else if (FORBIDDEN.matcher(known).matches()) {
            broken.rule(field, name, "this directive is never taken from a spec");
        } else if (ALLOWED.contains(known) && !known.equals(name)) {
            broken.rule(field, name, "write it as " + known);
        } else if (!ALLOWED.contains(name)) {
            broken.rule(field, name, "not a directive that this release lets a spec set");
        } else if (!VALUE.matcher(value).matches()) {
            broken.rule(field, value, "must be printable ASCII without quotes and backslashes");
        } else if (name.equals("save")) {
            if (!SAVE.matcher(value.trim()).matches()) {
                broken.rule(field, value, "must be pairs of seconds and changes as 900 1, or nothing for no snapshots");
            }
        } else if (value.trim().contains(" ")) {
            broken.rule(field, value, "takes one value");
        } else if (AT_START.containsKey(name) && !readable(name, value)) {
            broken.rule(field, value, AT_START_RULE.getOrDefault(name, "must be yes or no"));
        }
    }

    private static boolean readable(String name, String value) {
        Pattern form = AT_START.get(name);
        return form == null || form.matcher(value.trim()).matches();
    }
}
