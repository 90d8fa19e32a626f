package io.redfleet.bench.apply;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What has to hold on each host, whoever made it so, as the host itself says it: the kernel, systemd, dpkg, logrotate and the
 * running processes. One script for both sides; where they have put things, their {@link Footing} says.
 */
final class HostLook {
    /** As the founding article has them; each has to hold now and after a boot. */
    static final Map<String, String> SYSCTL = Map.of(
            "vm.overcommit_memory", "1",
            "vm.swappiness", "0",
            "net.core.somaxconn", "65535",
            "net.ipv4.tcp_max_syn_backlog", "65535",
            "net.ipv4.tcp_sack", "1",
            "net.ipv4.tcp_timestamps", "1",
            "net.ipv4.tcp_window_scaling", "1",
            "net.ipv4.tcp_syncookies", "1");

    static final List<String> PACKAGES = List.of("redis-tools", "redis-server", "redis-sentinel");

    private static final String FILES = "65535";

    /** What systemd has to say of each of the two units. */
    private static final Map<String, String> KEPT_TO = Map.ofEntries(
            Map.entry("Type", "notify"),
            Map.entry("KillMode", "mixed"),
            Map.entry("TimeoutStartUSec", "infinity"),
            Map.entry("StartLimitIntervalUSec", "5min"),
            Map.entry("StartLimitBurst", "5"),
            Map.entry("LimitNOFILE", FILES),
            Map.entry("OOMScoreAdjust", "-900"),
            Map.entry("UMask", "0077"),
            Map.entry("ProtectSystem", "strict"),
            Map.entry("ProtectHome", "yes"),
            Map.entry("PrivateTmp", "yes"),
            Map.entry("PrivateDevices", "yes"),
            Map.entry("ProtectClock", "yes"),
            Map.entry("ProtectControlGroups", "yes"),
            Map.entry("ProtectHostname", "yes"),
            Map.entry("ProtectKernelLogs", "yes"),
            Map.entry("ProtectKernelModules", "yes"),
            Map.entry("ProtectKernelTunables", "yes"),
            Map.entry("NoNewPrivileges", "yes"),
            Map.entry("LockPersonality", "yes"),
            Map.entry("MemoryDenyWriteExecute", "yes"),
            Map.entry("RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX"),
            Map.entry("RestrictNamespaces", "yes"),
            Map.entry("RestrictRealtime", "yes"),
            Map.entry("RestrictSUIDSGID", "yes"),
            Map.entry("SystemCallArchitectures", "native"));

    /** A last save has its time, and nobody ends it. */
    private static final Map<String, String> DATA = Map.of("TimeoutStopUSec", "5min", "SendSIGKILL", "no");

    private static final Map<String, String> SENTINEL = Map.of("TimeoutStopUSec", "1min", "SendSIGKILL", "yes");

    /** Prints a line {@code what=value} for each thing that is looked at. Before it stand the words of the footing. */
    private static final String LOOK = """
            say() { printf '%s=%s\\n' "$1" "$(printf '%s' "$2" | tr -s '\\n\\t ' ' ')"; }
            for key in $keys; do say "kernel $key" "$(sysctl -n "$key" 2>&1)"; done
            sed -n 's/^ *\\([a-z0-9_.]*\\) *= *\\([0-9]*\\) *$/boot \\1=\\2/p' "$sysctl"
            say tcp_tw_recycle "$(cat /etc/sysctl.d/*.conf | grep -c tcp_tw_recycle)"
            say 'huge pages' "$(cat /sys/kernel/mm/transparent_hugepage/enabled 2>&1)"
            say 'huge pages at boot' "$(systemctl is-enabled "$pages")"
            say limits "$(grep -v '^#' "$limits" 2>&1 | sort)"
            for name in $packages; do
              say "package $name" "$(dpkg-query -W -f '${db:Status-Want} ${db:Status-Status}' "$name" 2>&1)"
            done
            most=$(awk '/^Max open files/ { print $5 }' /proc/1/limits)
            if [ "$most" = unlimited ] || [ "$most" -gt "$open" ]; then most=$open; fi
            for unit in $units; do
              say "$unit state" "$(systemctl is-active "$unit")"
              say "$unit at boot" "$(systemctl is-enabled "$unit")"
              systemctl show -p "$shown" "$unit" | sed "s/^/$unit /"
              say "$unit filters" "$(systemctl cat "$unit" | grep -cx 'SystemCallErrorNumber=EPERM')"
              pid=$(systemctl show -p MainPID --value "$unit")
              say "$unit user" "$(ps -o user= -p "$pid" 2>&1)"
              say "$unit open files" "$(awk -v most="$most" '/^Max open files/ {
                print ($4 == most ? "most" : $4), ($5 == most ? "most" : $5) }' "/proc/$pid/limits" 2>&1)"
              awk -v unit="$unit" '$1 ~ /^(NoNewPrivs|Seccomp|CapBnd):$/ { print unit " process " $1 $2 }' \
                "/proc/$pid/status" | sed 's/:/=/'
            done
            say backlog "$(ss -Hltn "sport = :$port" | awk '{ print $3 }')"
            say 'users of Redis' "$(sed -n 's/^user \\([a-z]*\\) on #.*/\\1/p' "$users" | sort)"
            say 'users of Sentinel' "$(sed -n 's/^user \\([a-z]*\\) on #.*/\\1/p' "$watchers" | sort)"
            said=$(logrotate -d $rotation 2>&1)
            say 'rotation ends with' "$?"
            say 'rotation errors' "$(printf '%s\\n' "$said" | grep -ci '^error')"
            say 'rotation weekly, twelve' "$(printf '%s\\n' "$said" | grep -cF 'weekly (12 rotations)')"
            say 'rotation words' "$(cat $rotation | tr -d ' \\t' |
              grep -xE 'compress|delaycompress|missingok|notifempty' | sort -u)"
            for log in $logs; do say "rotates $log" "$(printf '%s\\n' "$said" | grep -cF "considering log $log")"; done
            for file in $files; do say "mode $file" "$(stat -c '%U %a' "$file" 2>&1)"; done
            for dir in $closed; do
              say "open in $dir" "$([ -d "$dir" ] && find "$dir" ! -user redis -o -perm /007 | wc -l)"
            done
            true
            """;

    private HostLook() {}

    /** For root's shell on the host; it changes nothing. */
    static String script(Footing on) {
        Map<String, String> words = new TreeMap<>();
        words.put("keys", String.join(" ", SYSCTL.keySet()));
        words.put("sysctl", on.sysctl());
        words.put("pages", on.hugePages());
        words.put("limits", on.limits());
        words.put("packages", String.join(" ", PACKAGES));
        words.put("units", String.join(" ", on.units()));
        words.put("users", on.redisUsers());
        words.put("watchers", on.sentinelUsers());
        words.put("shown", String.join(",", KEPT_TO.keySet()) + "," + String.join(",", DATA.keySet()));
        words.put("open", FILES);
        words.put("port", Integer.toString(Trio.REDIS));
        words.put("rotation", String.join(" ", on.rotation()));
        words.put("logs", String.join(" ", on.logs()));
        words.put("files", String.join(" ", on.machineFiles()));
        words.put("closed", String.join(" ", on.closed()));
        StringBuilder script = new StringBuilder();
        words.forEach(
                (name, value) -> script.append(name).append("='").append(value).append("'\n"));
        return script.append(LOOK).toString();
    }

    /**
     * What does not hold, in words; what the host did not speak of does not.
     *
     * @param said what the script has printed
     */
    static List<String> missing(Footing on, String said) {
        Map<String, String> found = found(said);
        List<String> missing = new ArrayList<>();
        wanted(on).forEach((what, wanted) -> {
            String is = found.getOrDefault(what, "not said");
            if (!wanted.matcher(is).matches()) {
                missing.add(what + " is '" + is + "', not '" + wanted.pattern() + "'");
            }
        });
        return missing;
    }

    private static Map<String, String> found(String said) {
        Map<String, String> found = new HashMap<>();
        said.lines().forEach(line -> {
            int at = line.indexOf('=');
            if (at > 0) {
                String what = line.substring(0, at);
                String value = line.substring(at + 1).strip();
                found.put(what, what.endsWith("RestrictAddressFamilies") ? sorted(value) : value);
            }
        });
        return found;
    }

    /** systemd has an order of its own for them. */
    private static String sorted(String words) {
        String[] all = words.split(" ", -1);
        Arrays.sort(all);
        return String.join(" ", all);
    }

    private static Map<String, Pattern> wanted(Footing on) {
        Map<String, Pattern> wanted = new LinkedHashMap<>();
        SYSCTL.forEach((key, value) -> {
            wanted.put("kernel " + key, exactly(value));
            wanted.put("boot " + key, exactly(value));
        });
        wanted.put("tcp_tw_recycle", exactly("0"));
        // A file that stands in for the kernel's has the one word that was written.
        wanted.put("huge pages", Pattern.compile("never|.*\\[never\\].*"));
        wanted.put("huge pages at boot", exactly("enabled"));
        wanted.put("limits", exactly("redis hard nofile " + FILES + " redis soft nofile " + FILES));
        PACKAGES.forEach(name -> wanted.put("package " + name, exactly("hold installed")));
        on.units().forEach(unit -> unit(unit, KEPT_TO, wanted));
        unit(on.redisUnit(), DATA, wanted);
        unit(on.sentinelUnit(), SENTINEL, wanted);
        on.units().forEach(unit -> process(unit, wanted));
        wanted.put("backlog", exactly(SYSCTL.getOrDefault("net.core.somaxconn", "")));
        wanted.put("users of Redis", exactly("admin application canary probe replication sentinel"));
        wanted.put("users of Sentinel", exactly("admin application peer probe"));
        wanted.put("rotation ends with", exactly("0"));
        wanted.put("rotation errors", exactly("0"));
        wanted.put(
                "rotation weekly, twelve",
                exactly(Integer.toString(on.rotation().size())));
        wanted.put("rotation words", exactly("compress delaycompress missingok notifempty"));
        on.logs().forEach(log -> wanted.put("rotates " + log, exactly("1")));
        on.machineFiles().forEach(file -> wanted.put("mode " + file, exactly("root 644")));
        on.closed().forEach(directory -> wanted.put("open in " + directory, exactly("0")));
        return wanted;
    }

    private static void unit(String unit, Map<String, String> shown, Map<String, Pattern> wanted) {
        shown.forEach((property, value) -> wanted.put(unit + " " + property, exactly(value)));
    }

    /** By the kernel's word, which no setting of a unit can be in the way of. */
    private static void process(String unit, Map<String, Pattern> wanted) {
        wanted.put(unit + " state", exactly("active"));
        wanted.put(unit + " at boot", exactly("enabled"));
        wanted.put(unit + " user", exactly("redis"));
        // What the unit asks for, or as much as a container's own init may give.
        wanted.put(unit + " open files", exactly("most most"));
        wanted.put(unit + " filters", exactly("1"));
        wanted.put(unit + " process NoNewPrivs", exactly("1"));
        wanted.put(unit + " process Seccomp", exactly("2"));
        wanted.put(unit + " process CapBnd", Pattern.compile("0+"));
    }

    private static Pattern exactly(String value) {
        return Pattern.compile(value, Pattern.LITERAL);
    }
}
