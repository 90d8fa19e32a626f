package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.provisioner.archive.TreePlace;
import io.redfleet.provisioner.packages.Family;
import io.redfleet.provisioner.packages.HostPackages;
import io.redfleet.provisioner.packages.MonitPackage;
import io.redfleet.provisioner.packages.PackageNotes;
import io.redfleet.provisioner.packages.PackageSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a cluster that ends leaves on a host of what was installed there, each with the reason: packages, what dpkg keeps of those
 * that go, and versions out of archives.
 */
final class PackageRemains {
    /** What a removal that is no purge leaves, as Debian has the packages; each ? is any one character. */
    private static final Map<String, String> KEPT = Map.of(
            "redis-tools",
            "/etc/redis, /var/lib/redis, /var/log/redis",
            "redis-server",
            "/etc/default/redis-server, /etc/init.d/redis-server, /etc/logrotate.d/redis-server, /etc/rc?.d/???redis-server",
            "redis-sentinel",
            "/etc/default/redis-sentinel, /etc/init.d/redis-sentinel, /etc/logrotate.d/redis-sentinel,"
                    + " /etc/rc?.d/???redis-sentinel",
            MonitPackage.NAME,
            "/etc/monit, /etc/default/monit, /etc/init.d/monit, /etc/logrotate.d/monit, /etc/pam.d/monit,"
                    + " /etc/rc?.d/???monit, /var/log/monit.log");

    private PackageRemains() {}

    static List<String> of(ClusterState cluster, HostSurvey seen) {
        String uid = cluster.uid().value();
        PackageSurvey packages = seen.packages();
        List<String> notes = new ArrayList<>();
        Map<String, String> redis = packages.notes().clusters();
        if (redis.size() > 1 && redis.containsKey(uid)) {
            notes.add("Redis's packages stay: " + others(redis, uid) + " them too");
        }
        Map<String, String> monit = packages.monit().clusters();
        if (monit.size() > 1 && monit.containsKey(uid)) {
            notes.add("the package " + MonitPackage.NAME + " stays: " + others(monit, uid) + " it too");
        }
        if (packages.family() == Family.RHEL) {
            notes.addAll(RpmRemains.of(uid, packages));
            trees(notes, cluster, seen);
            return notes;
        }
        last(notes, HostPackages.ALL, uid, packages.notes(), packages);
        last(notes, List.of(MonitPackage.NAME), uid, packages.monit(), packages);
        if (redis.containsKey(uid) || monit.containsKey(uid)) {
            notes.add(
                    "what apt and dpkg wrote down of it stays: /var/lib/apt, /var/lib/dpkg, /var/log/apt, /var/log/dpkg.log,"
                            + " /var/lib/systemd/deb-systemd-helper-enabled, and /etc/ld.so.cache, written anew");
        }
        trees(notes, cluster, seen);
        return notes;
    }

    /** What is left of packages that nobody uses after this cluster. */
    private static void last(
            List<String> notes, List<String> names, String uid, PackageNotes noted, PackageSurvey seen) {
        if (noted.clusters().size() != 1 || !noted.clusters().containsKey(uid)) {
            return;
        }
        for (String name : names) {
            PackageNotes.Before before = noted.packages().get(name);
            if (before == null) {
                continue;
            }
            String version = seen.of(name).version();
            if (!before.version().isEmpty()) {
                notes.add("the package " + name + " stays: it was there before");
            } else if (seen.of(name).installed() && !noted.pending() && !version.equals(before.put())) {
                notes.add("the package " + name + " stays: " + before.put() + " came for it, and somebody has put "
                        + version + " there since");
            } else {
                notes.add(kept(name, seen.of(name).status()));
            }
        }
    }

    /** Of one that came for the cluster; somebody may have removed it since, or a removal that was cut off. */
    private static String kept(String name, String status) {
        String keeps = "dpkg keeps " + KEPT.getOrDefault(name, "its configuration");
        return switch (status) {
            case "installed" -> "of the package " + name + ", which goes, " + keeps + ": it is removed and not purged";
            case "config-files" ->
                "of the package " + name + ", which is gone already, " + keeps + ": it was not purged";
            case "not-installed" -> "the package " + name + " is gone already";
            default -> "the package " + name + " stays as it is: to dpkg it is " + status;
        };
    }

    private static void trees(List<String> notes, ClusterState cluster, HostSurvey seen) {
        String uid = cluster.uid().value();
        String top = TreePlace.top(cluster.spec(), seen.base());
        seen.archives().trees().entrySet().stream()
                .filter(tree -> tree.getValue().clusters().containsKey(uid))
                .filter(tree -> tree.getValue().clusters().size() > 1)
                .map(tree -> top + "/" + tree.getKey() + " stays: "
                        + others(tree.getValue().clusters(), uid) + " it too")
                .sorted()
                .forEach(notes::add);
    }

    /**
     * The others, and that they use something.
     *
     * @param clusters names by uid
     */
    private static String others(Map<String, String> clusters, String uid) {
        List<String> others = clusters.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(uid))
                .map(entry -> entry.getValue() + " (uid " + entry.getKey() + ")")
                .sorted()
                .toList();
        return String.join(", ", others) + (others.size() == 1 ? " uses" : " use");
    }
}
