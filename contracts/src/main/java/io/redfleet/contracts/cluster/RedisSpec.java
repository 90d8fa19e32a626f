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
 * @param source where {@code install} is {@link #SOURCE}; missing likewise
 */
public record RedisSpec(
        String engine,
        String version,
        String install,
        Map<String, String> config,
        @Nullable ArchiveSpec archive,
        @Nullable SourceSpec source) {
    /** A word of {@code install}: what a host has already. */
    public static final String PRESENT = "present";

    /** A word of {@code install}: packages of the host's own apt, at one version, held. */
    public static final String PACKAGES = "packages";

    /** A word of {@code install}: an archive that the provisioner brings, beside whatever else the host has. */
    public static final String ARCHIVE = "archive";

    /** A word of {@code install}: an archive that is built of a source first, on a host that has a compiler. */
    public static final String SOURCE = "source";

    public RedisSpec {
        config = Map.copyOf(config);
    }

    /** Out of no archive. */
    public RedisSpec(String engine, String version, String install, Map<String, String> config) {
        this(engine, version, install, config, null, null);
    }

    /** Built of no source. */
    public RedisSpec(
            String engine, String version, String install, Map<String, String> config, @Nullable ArchiveSpec archive) {
        this(engine, version, install, config, archive, null);
    }

    /** Whether packages are installed on its hosts. */
    public boolean packaged() {
        return PACKAGES.equals(install);
    }

    /** Whether an archive is unpacked on its hosts, one that was there or one that is built. */
    public boolean archived() {
        return ARCHIVE.equals(install) || built();
    }

    /** Whether that archive is built of a source first. */
    public boolean built() {
        return SOURCE.equals(install);
    }
}
