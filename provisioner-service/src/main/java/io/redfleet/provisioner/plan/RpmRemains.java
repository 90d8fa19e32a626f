package io.redfleet.provisioner.plan;

import io.redfleet.provisioner.packages.PackageNotes;
import io.redfleet.provisioner.packages.PackageSurvey;
import io.redfleet.provisioner.packages.RpmPackages;
import java.util.ArrayList;
import java.util.List;

/** What a cluster that ends leaves of Redis's package on a host of the RHEL family, each with the reason. */
final class RpmRemains {
    private RpmRemains() {}

    /** @param uid of the cluster */
    static List<String> of(String uid, PackageSurvey seen) {
        List<String> notes = new ArrayList<>();
        PackageNotes noted = seen.notes();
        PackageNotes.Before before = noted.packages().get(RpmPackages.NAME);
        if (!noted.clusters().containsKey(uid)) {
            return notes;
        }
        if (noted.clusters().size() == 1 && before != null) {
            notes.add("the package " + RpmPackages.NAME + last(before, seen.of(RpmPackages.NAME)));
        }
        notes.add(
                "what dnf and rpm wrote down of it stays: rpm's database, /var/lib/dnf, /var/cache/dnf, /var/log/dnf*.log");
        return notes;
    }

    private static String last(PackageNotes.Before before, PackageSurvey.Found found) {
        if (!before.version().isEmpty()) {
            return " stays: it was there before";
        }
        if (!found.installed()) {
            return found.version().isEmpty()
                    ? " is gone already"
                    : " stays as it is: to rpm it is there more than once";
        }
        return found.version().equals(before.put())
                ? ", which goes, leaves what rpm keeps of changed files (/etc/redis, .rpmsave), what lies in /var/lib/redis and"
                        + " /var/log/redis, and the user redis"
                : " stays: " + before.put() + " came for it, and somebody has put " + found.version() + " there since";
    }
}
