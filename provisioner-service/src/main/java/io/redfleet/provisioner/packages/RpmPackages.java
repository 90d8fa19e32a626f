package io.redfleet.provisioner.packages;

import io.redfleet.provisioner.packages.HostPackages.Choice;
import io.redfleet.provisioner.packages.HostPackages.Otherwise;
import io.redfleet.provisioner.packages.HostPackages.Pinned;
import io.redfleet.provisioner.packages.HostPackages.Unlisted;
import io.redfleet.provisioner.packages.HostPackages.Unsound;
import io.redfleet.provisioner.packages.PackageSurvey.Found;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Redis as the RHEL family has it: one package that holds server, Sentinel and client, and at which version it is needed. */
public final class RpmPackages {
    /** As rpm knows it. The scripts know it too. */
    public static final String NAME = "redis";

    /** Where the package has it: it is server and Sentinel alike, by the name under which it is called. */
    public static final String BINARY = "/usr/bin/redis-server";

    /** An epoch, also where it is 0; Redis's own version; the release of the package. */
    private static final Pattern FORM =
            Pattern.compile("[0-9]{1,9}:[0-9][A-Za-z0-9._+~^]{0,63}-[A-Za-z0-9._+~^]{1,63}");

    private RpmPackages() {}

    /** Whether it is a version as the scripts write it, {@code 0:7.2.7-1.el9}, and so no more than one word of a command. */
    static boolean allowed(String text) {
        return FORM.matcher(text).matches();
    }

    /**
     * What is installed settles the version. Else it is the highest that fits of what dnf offers, which an admin's excludes, locks
     * and module streams have narrowed already.
     *
     * @param wanted a version of Redis or its beginning; empty: any that is managed
     */
    static Choice choose(String wanted, PackageSurvey seen) {
        Found found = seen.of(NAME);
        if (found.installed()) {
            if (!allowed(found.version())) {
                return new Unsound(NAME + " is installed at a version that is none: " + found.version());
            }
            return fits(wanted, found.version())
                    ? pinned(found.version())
                    : new Otherwise(new TreeMap<>(Map.of(NAME, found.version())));
        }
        if (!found.absent()) {
            return new Unsound(
                    NAME + " is installed more than once: mend it (rpm -q " + NAME + ", dnf remove --duplicates)");
        }
        List<String> offered = seen.offer(NAME).versions();
        return offered.stream()
                .filter(version -> fits(wanted, version))
                .findFirst()
                .map(RpmPackages::pinned)
                .orElseGet(() -> new Unlisted(
                        "",
                        offered.stream().map(DebianVersion::release).distinct().toList()));
    }

    private static boolean fits(String wanted, String version) {
        String release = DebianVersion.release(version);
        return allowed(version) && Release.managed(release) && Release.fits(wanted, release);
    }

    private static Choice pinned(String version) {
        return new Pinned(Map.of(NAME, version), DebianVersion.release(version));
    }
}
