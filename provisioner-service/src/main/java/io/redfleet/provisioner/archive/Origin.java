package io.redfleet.provisioner.archive;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.SourceSpec;
import java.util.Optional;

/**
 * What a Redis is built of, and how. Two archives of one origin need not be the same bytes, for compilers differ; either is what
 * a spec asks for that has this origin.
 *
 * @param source the SHA-256 of the source
 * @param systemd whether its server tells systemd when it is ready
 */
public record Origin(String version, String source, boolean systemd) {
    /** Of a cluster whose Redis is built. */
    public static Optional<Origin> of(ClusterSpec spec) {
        SourceSpec source = spec.redis().source();
        return source == null || !spec.redis().built()
                ? Optional.empty()
                : Optional.of(new Origin(spec.redis().version(), source.sha256(), spec.runsOnSystemd()));
    }

    /** One plain word for all of it, by which hosts, build hosts and provisioners know what came of it. */
    public String word() {
        return version + "-" + source + "-" + (systemd ? "systemd" : "process");
    }

    /** How the names of archives begin that were built of it; what follows says by what machine. */
    public String prefix() {
        return "redis-" + word() + "-";
    }
}
