package io.redfleet.provisioner.recipe;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.provisioner.survey.FileSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.Place;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where the file of a data node that runs says another thing than the node does, so that its next start would be another. Each of
 * these CONFIG REWRITE mends, which writes what runs: nothing is told that would be told again after it.
 *
 * <p>What is missing in a file counts where the value that runs is no version's default: CONFIG REWRITE leaves the defaults out.
 */
public final class FileDrift {
    /** Lines of the file that no Redis can read, all together. */
    static final String UNREADABLE = "unreadable";

    private static final String REPLICAOF = "replicaof";
    private static final String DIR = "dir";
    private static final String SAVE = "save";
    private static final String USER = "user";
    private static final String ACLFILE = "aclfile";

    /** Whatever the spec says, these decide what the next start has: docs/adopt.md has the same. */
    private static final Set<String> LASTING = Set.of(
            "appendonly",
            "appendfsync",
            SAVE,
            "dbfilename",
            "appendfilename",
            "appenddirname",
            "maxmemory",
            "maxmemory-policy",
            "protected-mode",
            REPLICAOF,
            ACLFILE,
            "masteruser");

    /** What Redfleet writes into the first file; an adopted one has its builder's. */
    private static final Set<String> RENDERED = Set.of(
            "bind",
            "daemonize",
            "supervised",
            "pidfile",
            DIR,
            "logfile",
            "replica-announce-ip",
            "replica-announce-port");

    /** What no file may lack. */
    private static final Set<String> NEVER = Set.of();

    /** Redis 6.2 to 8 and Valkey; of what is not here a missing line says nothing. */
    private static final Map<String, Set<String>> DEFAULTS = Map.ofEntries(
            Map.entry("appendonly", Set.of("no")),
            Map.entry("appendfsync", Set.of("everysec")),
            Map.entry(SAVE, Set.of("3600 1 300 100 60 10000")),
            Map.entry("dbfilename", Set.of("dump.rdb")),
            Map.entry("appendfilename", Set.of("appendonly.aof")),
            Map.entry("appenddirname", Set.of("appendonlydir")),
            Map.entry("maxmemory", Set.of("0")),
            Map.entry("maxmemory-policy", Set.of("noeviction")),
            Map.entry("protected-mode", Set.of("yes")),
            Map.entry(REPLICAOF, Set.of("")),
            Map.entry(ACLFILE, Set.of("")),
            Map.entry("masteruser", Set.of("")),
            Map.entry("bind", Set.of("", "* -::*")),
            Map.entry("port", Set.of("6379")),
            Map.entry("tls-port", Set.of("0")),
            Map.entry("tls-cert-file", Set.of("")),
            Map.entry("tls-key-file", Set.of("")),
            Map.entry("tls-ca-cert-file", Set.of("")),
            Map.entry("tls-auth-clients", Set.of("yes")),
            Map.entry("tls-replication", Set.of("no")),
            Map.entry("daemonize", Set.of("no")),
            Map.entry("supervised", Set.of("no")),
            Map.entry("pidfile", Set.of("", "/var/run/redis.pid")),
            Map.entry(DIR, NEVER),
            Map.entry("logfile", Set.of("")),
            Map.entry("replica-announce-ip", Set.of("")),
            Map.entry("replica-announce-port", Set.of("0")),
            Map.entry("replica-priority", Set.of("100")),
            Map.entry("min-replicas-to-write", Set.of("0")),
            Map.entry("min-replicas-max-lag", Set.of("10")),
            Map.entry("tcp-keepalive", Set.of("300")),
            Map.entry("timeout", Set.of("0")),
            Map.entry("repl-diskless-sync", Set.of("no", "yes")),
            Map.entry("repl-diskless-sync-delay", Set.of("5")),
            Map.entry("latency-monitor-threshold", Set.of("0")));

    /** Case matters in these. */
    private static final Set<String> VERBATIM = Set.of(
            "pidfile",
            "logfile",
            ACLFILE,
            "masteruser",
            "dbfilename",
            "appendfilename",
            "appenddirname",
            "tls-cert-file",
            "tls-key-file",
            "tls-ca-cert-file");

    /** Read at a start, and left in the file by CONFIG REWRITE: what they do, nothing here can undo. */
    private static final Set<String> BESIDE = Set.of("include", "rename-command", "loadmodule");

    /** What CONFIG GET does not name, or the survey does not pass on. */
    private static final Set<String> UNNAMED = Set.of(USER, "masterauth", "requirepass", UNREADABLE);

    private static final int MOST_SHOWN = 200;

    private FileDrift() {}

    /**
     * One difference.
     *
     * @param file what the file says, printable; empty: nothing, or what may not be shown
     * @param said whether the file says anything of it
     * @param runs what the node has; empty: nothing, or what may not be shown
     */
    public record Difference(String file, boolean said, String runs) {
        public Difference {
            file = printable(file);
            runs = printable(runs);
        }

        private static String printable(String value) {
            String plain = value.replaceAll("[^ -~]", "?");
            return plain.substring(0, Math.min(plain.length(), MOST_SHOWN));
        }
    }

    /**
     * By directive; empty for a node whose file or whose settings are not known.
     *
     * @param directory the instance's own, absolute
     */
    public static Map<String, Difference> of(ClusterSpec spec, Place place, String directory, InstanceSurvey live) {
        Map<String, Difference> drift = new TreeMap<>();
        if (!live.file().known() || live.config().isEmpty()) {
            return drift;
        }
        Map<String, String> said = said(live.file());
        for (String name : compared(spec, place)) {
            String runs = running(name, live);
            String there = said.get(name);
            if (runs != null && !lasts(name, there, runs, directory)) {
                drift.put(name, new Difference(there == null ? "" : there, there != null, runs));
            }
        }
        live.file().otherSecrets().forEach(name -> drift.put(name, new Difference("", true, "")));
        String users = running(ACLFILE, live);
        // A start by both ends at once, and CONFIG REWRITE takes these lines out.
        if (said.containsKey(USER) && users != null && !users.isEmpty()) {
            drift.put(USER, new Difference("", true, ""));
        }
        if (said.containsKey(UNREADABLE)) {
            drift.put(UNREADABLE, new Difference("", true, ""));
        }
        return drift;
    }

    /**
     * Directives of the file that no setting of what runs tells of: those that read another file, load code or rename a command,
     * which CONFIG REWRITE leaves there, and those that the node does not name, by which a start may end. These Redis 7 makes
     * comments of and 6.2 does not; some are hidden settings, which each of them leaves. Of an adopted one only what reads another
     * file: the rest its builder may have wanted.
     */
    public static SortedSet<String> foreign(ClusterSpec spec, Place place, InstanceSurvey live) {
        if (!live.file().known() || live.config().isEmpty()) {
            return new TreeSet<>();
        }
        if (place.instance().at() != null) {
            return said(live.file()).keySet().stream()
                    .filter("include"::equals)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
        Set<String> settings =
                live.config().keySet().stream().map(ConfLine::known).collect(Collectors.toSet());
        Set<String> owned = compared(spec, place);
        return said(live.file()).keySet().stream()
                .filter(name -> BESIDE.contains(name)
                        || !(settings.contains(name)
                                || owned.contains(name)
                                || UNNAMED.contains(name)
                                || name.endsWith("-pass")))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether the next start has what runs now. */
    private static boolean lasts(String name, @Nullable String there, String runs, String directory) {
        if (there == null) {
            Set<String> defaults = DEFAULTS.get(name);
            return defaults == null || defaults.stream().anyMatch(value -> same(name, value, runs));
        }
        // Redis names the directory as its links lead; that it works in this one is known of each that counts as ours.
        return name.equals(DIR) ? there.equals(runs) || there.equals(directory + "/data") : same(name, there, runs);
    }

    /** What the file says, by directive; of one that is there twice the last counts. */
    private static Map<String, String> said(FileSurvey file) {
        Map<String, String> said = new HashMap<>();
        for (String line : file.lines()) {
            ConfLine read = ConfLine.of(line);
            if (!read.readable()) {
                said.put(UNREADABLE, "");
            } else if (read.name().equals(SAVE)) {
                said.merge(SAVE, read.value(), FileDrift::added);
            } else {
                said.put(read.name(), read.value());
            }
        }
        said.computeIfPresent(REPLICAOF, (name, value) -> value.equalsIgnoreCase("no one") ? "" : value);
        return said;
    }

    /** Lines of it add up. What an empty one does to those before it differs by version: then they are like nothing that runs. */
    private static String added(String before, String more) {
        return (before.isEmpty() ? "\"\"" : before) + " " + (more.isEmpty() ? "\"\"" : more);
    }

    private static Set<String> compared(ClusterSpec spec, Place place) {
        Set<String> names = new TreeSet<>(LASTING);
        names.addAll(RedisConf.owned(spec, place).keySet());
        if (place.instance().at() == null) {
            names.addAll(RENDERED);
            names.addAll(Spoken.lines(spec.security().tls(), place.port()).keySet());
        }
        return names;
    }

    private static boolean same(String name, String file, String runs) {
        return VERBATIM.contains(name) ? file.equals(runs) : Setting.same(name, file, runs);
    }

    /** @return null where the version that runs has no such setting */
    private static @Nullable String running(String name, InstanceSurvey live) {
        String runs = live.setting(name);
        if (runs != null) {
            return runs;
        }
        return switch (name) {
            case REPLICAOF -> live.setting("slaveof");
            case "masteruser" -> live.setting("primaryuser");
            default -> null;
        };
    }
}
