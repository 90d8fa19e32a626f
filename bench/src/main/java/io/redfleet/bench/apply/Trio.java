package io.redfleet.bench.apply;

import io.redfleet.testkit.SystemdHost;
import io.redfleet.testkit.SystemdHosts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Three fresh hosts on which both sides find the same: Debian's packages of Redis, Sentinel, logrotate and Python, nothing of
 * Redis's running or held, kernel settings as a new machine has them, and an sshd that notes each session.
 *
 * <p>Three files of the kernel are the whole machine's, and neither side's to set, nor the other's to find set: in their place
 * each host has files of its own.
 */
final class Trio implements AutoCloseable {
    static final int REDIS = 6379;
    static final int SENTINEL = 26379;

    private static final String INSTALL =
            "DEBIAN_FRONTEND=noninteractive timeout 55 apt-get install -y --no-install-recommends ";

    /** What is written into them, and that it is, is as on any host. */
    private static final String OF_THE_MACHINE = """
            set -e
            own() {
              printf '%s\\n' "$2" >"/run/own-${1##*/}"
              mount --bind "/run/own-${1##*/}" "$1"
              [ "$(cat "$1")" = "$2" ]
            }
            own /proc/sys/vm/overcommit_memory 0
            own /proc/sys/vm/swappiness 60
            own /sys/kernel/mm/transparent_hugepage/enabled 'always [madvise] never'
            """;

    private final SystemdHosts hosts;
    private final Path key;

    private Trio(SystemdHosts hosts, Path key) {
        this.hosts = hosts;
        this.key = key;
    }

    /** @param directory for the key, not there yet */
    static Trio boot(Path directory) throws IOException {
        SystemdHosts hosts = SystemdHosts.boot(Files.createDirectories(directory), 3);
        try {
            hosts.all().forEach(Trio::prepare);
        } catch (RuntimeException | Error e) {
            hosts.close();
            throw e;
        }
        return new Trio(hosts, directory.resolve("ops"));
    }

    List<SystemdHost> all() {
        return hosts.all();
    }

    /** The private half of the one key that they take. */
    Path key() {
        return key;
    }

    List<String> addresses() {
        return all().stream().map(SystemdHost::address).toList();
    }

    /** How many sessions (an exec, a file transfer) their sshd have begun so far, all three together. */
    long sessions() {
        return noted("^Starting session");
    }

    /** How many logins there were, all three together. */
    long logins() {
        return noted("^Accepted publickey");
    }

    /** When the last instance was started that runs, by the clock that this machine has too. */
    Instant lastStart(Side side) {
        Instant last = Instant.EPOCH;
        for (String shown : shown(side, "ActiveEnterTimestamp").values()) {
            Instant at = moment(shown);
            last = at.isAfter(last) ? at : last;
        }
        return last;
    }

    /** What tells one run of a unit from the next, by host and unit. */
    Map<String, String> runs(Side side) {
        return shown(side, "InvocationID");
    }

    @Override
    public void close() {
        hosts.close();
    }

    /** {@code Fri 2026-11-27 12:01:04.123456 UTC}, as systemctl writes it. */
    static Instant moment(String shown) {
        String[] words = shown.split(" ", -1);
        if (words.length != 4 || !words[3].equals("UTC")) {
            throw new IllegalStateException("not a time of systemctl: '" + shown + "'");
        }
        return Instant.parse(words[1] + "T" + words[2] + "Z");
    }

    private Map<String, String> shown(Side side, String property) {
        Map<String, String> shown = new TreeMap<>();
        for (SystemdHost host : all()) {
            for (String unit : side.footing().units()) {
                String value = host.run("systemctl", "show", "--timestamp=us+utc", "-p", property, "--value", unit);
                shown.put(host.address() + " " + unit, value);
            }
        }
        return shown;
    }

    private long noted(String pattern) {
        long noted = 0;
        for (SystemdHost host : all()) {
            noted += Long.parseLong(
                    shell(host, "journalctl -b -o cat -t sshd --no-pager | grep -c '" + pattern + "' || true"));
        }
        return noted;
    }

    private static void prepare(SystemdHost host) {
        shell(host, "printf 'LogLevel VERBOSE\\n' >/etc/ssh/sshd_config.d/verbose.conf && systemctl reload ssh");
        shell(host, OF_THE_MACHINE);
        // python3-apt is what Ansible's apt needs on a host.
        for (String packages : List.of("python3", "python3-apt logrotate", "redis-server redis-sentinel")) {
            shell(host, INSTALL + packages);
        }
        shell(host, "systemctl disable --now redis-server redis-sentinel && rm -f /var/lib/redis/dump.rdb");
        String active = shell(host, "systemctl is-active redis-server redis-sentinel || true");
        if (!active.lines().allMatch("inactive"::equals)) {
            throw new IllegalStateException(String.format(Locale.ROOT, "%s: Redis runs already: %s", host, active));
        }
    }

    /** A line for the host's own shell, as root, past sshd. */
    static String shell(SystemdHost host, String line) {
        return host.run("sh", "-c", line);
    }

    /** The units that another run has begun of, in the order of hosts. */
    static List<String> restarted(Map<String, String> before, Map<String, String> after) {
        List<String> restarted = new ArrayList<>();
        after.forEach((unit, run) -> {
            if (!run.equals(before.get(unit))) {
                restarted.add(unit);
            }
        });
        return restarted;
    }
}
