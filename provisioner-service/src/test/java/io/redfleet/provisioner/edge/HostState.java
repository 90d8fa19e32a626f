package io.redfleet.provisioner.edge;

import io.redfleet.testkit.SystemdHost;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What lies and holds on a host, root's view: files with kind, mode, owner and digest, packages, units, users, listeners, kernel
 * settings. Two looks tell what a cluster has left.
 *
 * @param things by kind and name
 */
record HostState(SortedMap<String, String> things) {
    /** Below which everything is looked at. */
    private static final String ROOTS = "/etc /opt /usr/local /var/lib /var/log /var/spool /home /root";

    /**
     * What changes by itself, without anybody who installs or removes anything: the journal, whoever has logged in (each look of
     * Redfleet's is a login), and what systemd keeps of its timers and its random seed.
     */
    private static final String BY_ITSELF =
            "/var/log/journal /var/log/lastlog /var/log/wtmp /var/log/btmp /var/log/faillog /var/lib/systemd";

    /** The difference of two looks, one line each: {@code + name} is new, {@code - name} gone, {@code ~ name} another. */
    static List<String> difference(HostState before, HostState after) {
        List<String> lines = new ArrayList<>();
        before.things.forEach((name, was) -> {
            String now = after.things.get(name);
            if (now == null) {
                lines.add("- " + name);
            } else if (!now.equals(was)) {
                lines.add("~ " + name + ": " + was + " -> " + now);
            }
        });
        after.things.keySet().stream()
                .filter(name -> !before.things.containsKey(name))
                .forEach(name -> lines.add("+ " + name));
        return lines;
    }

    /** @param settings keys of the kernel that are the host's own */
    static HostState of(SystemdHost host, List<String> settings) {
        SortedMap<String, String> things = new TreeMap<>();
        StringBuilder prune = new StringBuilder();
        for (String path : BY_ITSELF.split(" ", -1)) {
            prune.append(prune.isEmpty() ? "" : " -o ").append("-path ").append(path);
        }
        String find = "find " + ROOTS + " -xdev \\( " + prune + " \\) -prune -o ";
        shell(host, find + "-printf '%p\\t%y %m %u:%g %l\\n' 2>/dev/null; true")
                .lines()
                .filter(line -> line.contains("\t"))
                .forEach(line -> things.put(
                        "file " + line.substring(0, line.indexOf('\t')), line.substring(line.indexOf('\t') + 1)));
        shell(host, find + "-type f -exec sha256sum {} + 2>/dev/null; true")
                .lines()
                .filter(line -> line.length() > 66)
                .forEach(line -> things.put("content of " + line.substring(66), line.substring(0, 64)));
        each(things, "package", shell(host, "dpkg-query -W -f '${Package} ${db:Status-Abbrev}${Version}\\n'"));
        // A login is a unit too, which nobody has installed.
        each(things, "unit", shell(host, "systemctl list-unit-files --plain --no-legend | grep -v ' transient '"));
        each(things, "user", shell(host, "getent passwd | sed 's/:/ /'"));
        each(things, "group", shell(host, "getent group | sed 's/:/ /'"));
        // With whose it is, and not as which process.
        each(
                things,
                "listener",
                shell(host, "ss -Htlnp | sed 's/,pid=[0-9]*,fd=[0-9]*//g' | awk '{ print $4, $6 }' | sort -u"));
        // What is of the network is the host's own; what is counted there changes by itself.
        each(things, "sysctl", shell(host, """
                PATH=$PATH:/usr/sbin:/sbin sysctl -a 2>/dev/null | grep '^net\\.' |
                  grep -vE '^net\\.netfilter\\.nf_conntrack_(count|buckets|max) '
                """));
        for (String key : settings) {
            things.put("setting " + key, host.run("cat", "/proc/sys/" + key.replace('.', '/')));
        }
        things.put("setting hugepages", shell(host, "cat /sys/kernel/mm/transparent_hugepage/enabled || true"));
        things.put("processes of redis", shell(host, "pgrep -u redis || true"));
        return new HostState(things);
    }

    /** Lines whose first word is a name. */
    private static void each(SortedMap<String, String> things, String kind, String lines) {
        lines.lines().filter(line -> !line.isBlank()).forEach(line -> {
            int blank = line.indexOf(' ');
            String name = blank < 0 ? line : line.substring(0, blank);
            things.put(
                    kind + " " + name,
                    blank < 0 ? "" : line.substring(blank + 1).strip());
        });
    }

    private static String shell(SystemdHost host, String line) {
        return host.run("sh", "-c", line);
    }
}
