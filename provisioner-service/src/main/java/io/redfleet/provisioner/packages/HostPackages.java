package io.redfleet.provisioner.packages;

import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.provisioner.packages.PackageSurvey.Found;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Which packages a host needs, and at which one version. */
public final class HostPackages {
    /** All that Redis has: the binary is in the first, the others bring links to it, units and a configuration. */
    public static final List<String> ALL = List.of("redis-tools", "redis-server", "redis-sentinel");

    /** What instances run: it is server and Sentinel alike, by the name under which it is called. */
    public static final String BINARY = "/usr/bin/redis-check-rdb";

    private HostPackages() {}

    /** What came of it. */
    public sealed interface Choice {}

    /**
     * One version for all.
     *
     * @param pins the version by package, as dpkg writes it
     * @param release as Redis says it
     */
    public record Pinned(Map<String, String> pins, String release) implements Choice {
        public Pinned {
            pins = Collections.unmodifiableMap(new LinkedHashMap<>(pins));
        }
    }

    /**
     * apt's lists have none that fits.
     *
     * @param installed the one version that would fit, for some packages have it already; empty: none is installed
     * @param offered what the lists have, as Redis says it
     */
    public record Unlisted(String installed, List<String> offered) implements Choice {
        public Unlisted {
            offered = List.copyOf(offered);
        }
    }

    /**
     * What is installed does not fit.
     *
     * @param found the version by package, as dpkg writes it
     */
    public record Otherwise(NavigableMap<String, String> found) implements Choice {
        public Otherwise {
            found = Collections.unmodifiableNavigableMap(new TreeMap<>(found));
        }
    }

    /**
     * What is installed does not fit, and apt has a version of all of it that does. An instance runs it after a restart alone.
     *
     * @param found the version by package, as dpkg writes it
     * @param pins the version by package that is to take its place
     * @param release as Redis says it
     */
    public record Moved(NavigableMap<String, String> found, Map<String, String> pins, String release)
            implements Choice {
        public Moved {
            found = Collections.unmodifiableNavigableMap(new TreeMap<>(found));
            pins = Collections.unmodifiableMap(new LinkedHashMap<>(pins));
        }

        /** What Redis is there now, as it says it; of several that an interrupted change has left, the earliest. */
        public String before() {
            String first = "";
            for (String version : found.values()) {
                String release = DebianVersion.release(version);
                first = first.isEmpty() || Release.older(release, first) ? release : first;
            }
            return first;
        }
    }

    /** What is installed cannot be built on, in words for a person. */
    public record Unsound(String reason) implements Choice {}

    /** In the order of {@link #ALL}. */
    public static List<String> needed(HostSpec host) {
        boolean data = carries(host, InstanceRole.REDIS);
        boolean sentinel = carries(host, InstanceRole.SENTINEL);
        return ALL.stream()
                .filter(name -> switch (name) {
                    case "redis-server" -> data;
                    case "redis-sentinel" -> sentinel;
                    default -> true;
                })
                .toList();
    }

    /**
     * What is installed settles the version, for all packages have one. Else it is apt's own choice if that fits, and the
     * highest that fits if it does not. Several versions are what an interrupted change of ours has left.
     *
     * @param wanted a version of Redis or its beginning, or the whole of a package's; empty: any that is managed
     */
    public static Choice choose(List<String> needed, String wanted, PackageSurvey seen) {
        NavigableMap<String, String> installed = new TreeMap<>();
        for (String name : ALL) {
            Found found = seen.of(name);
            boolean ours = found.half() && seen.notes().pending();
            if (found.installed() || ours) {
                installed.put(name, found.version());
            } else if (!found.absent()) {
                return new Unsound(name + " " + found.version() + " is " + found.status()
                        + ", and not by Redfleet: mend it (dpkg --audit)");
            }
        }
        List<String> versions = installed.values().stream().distinct().toList();
        if (versions.size() > 1 && seen.notes().pending()) {
            Choice choice = moved(needed, wanted, installed, seen);
            return choice instanceof Moved ? choice : new Unsound(severalLeft(installed));
        }
        if (versions.size() > 1) {
            return new Unsound("packages of several versions are installed: " + shown(installed));
        }
        if (versions.size() == 1) {
            String version = versions.getFirst();
            boolean offered = needed.stream()
                    .filter(name -> !installed.containsKey(name))
                    .allMatch(name -> seen.offer(name).versions().contains(version));
            if (!fits(wanted, version)) {
                return moved(needed, wanted, installed, seen);
            }
            return offered ? pinned(needed, version) : unlisted(version, needed, seen);
        }
        return candidates(needed, seen).stream()
                .filter(version -> fits(wanted, version))
                .filter(version -> needed.stream()
                        .allMatch(name -> seen.offer(name).versions().contains(version)))
                .findFirst()
                .map(version -> pinned(needed, version))
                .orElseGet(() -> unlisted("", needed, seen));
    }

    /** All that is installed goes to the one version, for each needs the others at its own. */
    private static Choice moved(
            List<String> needed, String wanted, NavigableMap<String, String> installed, PackageSurvey seen) {
        List<String> all = ALL.stream().filter(installed::containsKey).toList();
        if (!all.containsAll(needed)) {
            return new Otherwise(installed);
        }
        return candidates(needed, seen).stream()
                .filter(version -> fits(wanted, version))
                .filter(version -> all.stream()
                        .allMatch(name -> seen.offer(name).versions().contains(version)))
                .findFirst()
                .<Choice>map(version -> {
                    Map<String, String> pins = new LinkedHashMap<>();
                    all.forEach(name -> pins.put(name, version));
                    return new Moved(installed, pins, DebianVersion.release(version));
                })
                .orElseGet(() -> new Otherwise(installed));
    }

    private static String severalLeft(Map<String, String> installed) {
        return "a change of versions was interrupted, and apt offers none that fits for all of " + shown(installed)
                + ": give the host a repository that has it";
    }

    /** Whether a spec names one version of a package, and not a version of Redis. */
    private static boolean whole(String wanted) {
        return wanted.indexOf('-') >= 0;
    }

    /** The versions that apt offers of what every host has. */
    public static List<String> offered(PackageSurvey seen) {
        return seen.offer(ALL.getFirst()).versions();
    }

    /** Packages and their versions, as apt takes them. */
    public static String shown(Map<String, String> versions) {
        List<String> pins = new ArrayList<>();
        versions.forEach((name, version) -> pins.add(name + "=" + version));
        return String.join(" ", pins);
    }

    private static boolean fits(String wanted, String version) {
        String release = DebianVersion.release(version);
        boolean wants = whole(wanted) ? version.equals(wanted) : Release.fits(wanted, release);
        return DebianVersion.allowed(version) && Release.managed(release) && wants;
    }

    private static List<String> candidates(List<String> needed, PackageSurvey seen) {
        Offer first = seen.offer(needed.getFirst());
        List<String> versions = new ArrayList<>();
        if (!first.candidate().isEmpty()) {
            versions.add(first.candidate());
        }
        versions.addAll(first.versions());
        return versions;
    }

    private static Choice pinned(List<String> needed, String version) {
        Map<String, String> pins = new LinkedHashMap<>();
        needed.forEach(name -> pins.put(name, version));
        return new Pinned(pins, DebianVersion.release(version));
    }

    private static Choice unlisted(String installed, List<String> needed, PackageSurvey seen) {
        List<String> offered = seen.offer(needed.getFirst()).versions().stream()
                .map(DebianVersion::release)
                .distinct()
                .toList();
        return new Unlisted(installed, offered);
    }

    private static boolean carries(HostSpec host, InstanceRole role) {
        return host.instances().stream().anyMatch(instance -> instance.role() == role);
    }
}
