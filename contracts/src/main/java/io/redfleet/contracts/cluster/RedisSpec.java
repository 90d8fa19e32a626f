package io.redfleet.contracts.cluster;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What runs on the data nodes.
 *
 * @param engine {@code redis} or {@code valkey}, for the cluster's life
 * @param version a prefix ("7.0") or the exact version that {@code INFO server} must report, which of Valkey is its own
 *     {@code valkey_version}; empty: any managed version. Of an archive always the whole version
 * @param config redis.conf directives by name, values as Redis writes them
 * @param archive where {@code install} is {@link #ARCHIVE}; missing in others, and in records of before
 */
public record RedisSpec(
        String engine,
        String version,
        String install,
        Map<String, String> config,
        @Nullable ArchiveSpec archive) {
    /** A word of {@code install}: what a host has already. */
    public static final String PRESENT = "present";

    /** A word of {@code install}: packages of the host's own apt, at one version, held. */
    public static final String PACKAGES = "packages";

    /** A word of {@code install}: an archive that the provisioner brings, beside whatever else the host has. */
    public static final String ARCHIVE = "archive";

    public RedisSpec {
        config = Map.copyOf(config);
    }

    /** Out of no archive. */
    public RedisSpec(String engine, String version, String install, Map<String, String> config) {
        this(engine, version, install, config, null);
    }

    /** Whether packages are installed on its hosts. */
    public boolean packaged() {
        return PACKAGES.equals(install);
    }

    /** Whether an archive is unpacked on its hosts. */
    public boolean archived() {
        return ARCHIVE.equals(install);
    }
}
