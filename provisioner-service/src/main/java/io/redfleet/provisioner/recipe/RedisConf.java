package io.redfleet.provisioner.recipe;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.Place;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The configuration of a data node. */
public final class RedisConf {
    /** Redis 7.0, config.c: these take effect at the start of the process only. */
    private static final Set<String> AT_START_ONLY =
            Set.of("databases", "io-threads", "io-threads-do-reads", "tcp-backlog", "rdbchecksum", "disable-thp");

    /** What a careful operator sets and Redis's own defaults leave to chance (requirements R9-R11). */
    private static final Map<String, String> DEFAULTS = Map.of(
            "appendonly", "yes",
            "appendfsync", "everysec",
            "save", "3600 1 300 100 60 10000",
            "tcp-keepalive", "300",
            "timeout", "0",
            "repl-diskless-sync", "yes",
            "repl-diskless-sync-delay", "1",
            "latency-monitor-threshold", "100");

    private static final String HEAD = """
            # Written once by Redfleet for the first start. Redis rewrites this file; later changes are made by
            # CONFIG SET and CONFIG REWRITE, and roles by Sentinel.
            """;

    private RedisConf() {}

    /** Directives that can be compared with CONFIG GET, by name. */
    public static Map<String, String> owned(ClusterSpec spec, Place place) {
        // What its builder has chosen, and the spec says nothing of, stays.
        Map<String, String> unsaid = place.instance().at() == null ? DEFAULTS : Map.of();
        Map<String, String> owned = new TreeMap<>(unsaid);
        owned.putAll(spec.redis().config());
        owned.put("replica-priority", String.valueOf(place.instance().replicaPriority()));
        owned.put("min-replicas-to-write", String.valueOf(spec.durability().minReplicasToWrite()));
        owned.put(
                "min-replicas-max-lag",
                String.valueOf(spec.durability().maxLag().toSeconds()));
        return owned;
    }

    /** A directive as a line of the file, without its end. */
    public static String line(String directive, String value) {
        return Setting.line(directive, value).stripTrailing();
    }

    /** Whether its data is to outlive the process. */
    public static boolean persists(ClusterSpec spec, Place place) {
        Map<String, String> owned = owned(spec, place);
        return "yes".equals(owned.get("appendonly"))
                || !owned.getOrDefault("save", "").isBlank();
    }

    /** The same of one that runs, and whose spec need not say it. */
    public static boolean persists(InstanceSurvey live) {
        String save = live.setting("save");
        return "yes".equals(live.setting("appendonly")) || (save != null && !save.isBlank());
    }

    /** Whether a directive needs a restart to change. */
    public static boolean atStartOnly(String directive) {
        return AT_START_ONLY.contains(directive);
    }

    /** Owned directives that differ in the running instance: name to wanted value, by name; what needs a restart is left out. */
    public static Map<String, String> drift(ClusterSpec spec, Place place, InstanceSurvey live) {
        Map<String, String> drift = new TreeMap<>();
        owned(spec, place).forEach((name, wanted) -> {
            String found = live.setting(name);
            if (found != null && !atStartOnly(name) && !Setting.same(name, wanted, found)) {
                drift.put(name, wanted);
            }
        });
        return drift;
    }

    /** Owned directives that differ in the running instance, and that only a restart can change: name to wanted value. */
    public static Map<String, String> settled(ClusterSpec spec, Place place, InstanceSurvey live) {
        Map<String, String> settled = new TreeMap<>();
        owned(spec, place).forEach((name, wanted) -> {
            String found = live.setting(name);
            if (found != null && atStartOnly(name) && !Setting.same(name, wanted, found)) {
                settled.put(name, wanted);
            }
        });
        return settled;
    }

    /**
     * The whole file, for an instance that has none.
     *
     * @param directory the instance's own, absolute
     * @param follow the master at bootstrap; empty for the bootstrap master itself
     * @param accounts whose passwords a replica needs to reach its master; it can be promoted and demoted, so all have them
     */
    public static String render(
            ClusterSpec spec, Place place, String directory, Optional<Endpoint> follow, Accounts accounts) {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("bind", place.host().address());
        lines.putAll(Spoken.lines(spec.security().tls(), place.port()));
        access(lines, directory, accounts);
        lines.put("daemonize", place.isUnit() ? "no" : "yes");
        lines.put("supervised", place.isUnit() ? "systemd" : "no");
        if (place.byInit()) {
            // Its unit, or its script, keeps the kernel from ending it when memory runs out; a child that saves goes
            // first.
            lines.put("oom-score-adj", "relative");
        }
        lines.put("pidfile", directory + "/redis.pid");
        lines.put("dir", directory + "/data");
        lines.put("logfile", directory + "/log/redis.log");
        lines.put("dbfilename", "dump.rdb");
        Endpoint announce = place.instance().announce();
        lines.put("replica-announce-ip", announce.host());
        lines.put("replica-announce-port", String.valueOf(announce.port()));
        lines.putAll(owned(spec, place));
        follow.ifPresent(master -> lines.put("replicaof", master.host() + " " + master.port()));
        StringBuilder text = new StringBuilder(HEAD);
        lines.forEach((name, value) -> text.append(Setting.line(name, value)));
        return text.toString();
    }

    private static void access(Map<String, String> lines, String directory, Accounts accounts) {
        if (accounts.isNone()) {
            // Without a password protected mode would refuse every other host.
            lines.put("protected-mode", "no");
            return;
        }
        lines.put("protected-mode", "yes");
        lines.put("aclfile", directory + "/" + UsersFile.NAME);
        // Redis offers no other way: these two stand here, and only here, in the clear.
        lines.put("masteruser", Purpose.REPLICATION.word());
        lines.put("masterauth", accounts.of(Purpose.REPLICATION).reveal());
    }
}
