package io.redfleet.provisioner.packages;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.provisioner.packages.PackageSurvey.Found;

/**
 * Monit as Debian's package has it, for a cluster that has one run on its hosts. Its version is its own: what is installed stays,
 * else it is what apt would take, and the version of Redis says nothing about it.
 */
public final class MonitPackage {
    /** As dpkg knows it. */
    public static final String NAME = "monit";

    /** Where the package has it. */
    public static final String BINARY = "/usr/bin/monit";

    private MonitPackage() {}

    /** What came of it. */
    public sealed interface Choice {}

    /** @param version as dpkg writes it */
    public record Pinned(String version) implements Choice {}

    /** apt's lists have none. */
    public record Unlisted() implements Choice {}

    /** What is installed cannot be built on, in words for a person. */
    public record Unsound(String reason) implements Choice {}

    /** Whether a cluster of this spec has it installed. */
    public static boolean wanted(ClusterSpec spec) {
        return spec.redis().packaged() && spec.monit().on();
    }

    public static Choice choose(PackageSurvey seen) {
        Found found = seen.of(NAME);
        boolean ours = found.half() && seen.monit().pending();
        if (!found.installed() && !ours && !found.absent()) {
            return new Unsound(NAME + " " + found.version() + " is " + found.status()
                    + ", and not by Redfleet: mend it (dpkg --audit)");
        }
        if (found.absent()) {
            String candidate = seen.offer(NAME).candidate();
            return seen.offer(NAME).versions().contains(candidate) ? new Pinned(candidate) : new Unlisted();
        }
        return DebianVersion.allowed(found.version())
                ? new Pinned(found.version())
                : new Unsound(NAME + " is installed at a version that is none: " + found.version());
    }
}
