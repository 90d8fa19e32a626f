package io.redfleet.contracts.cluster;

import java.util.Map;

/**
 * What runs on the data nodes.
 *
 * @param version a prefix ("7.0") or the exact version that {@code INFO server} must report; empty: any managed version
 * @param config redis.conf directives by name, values as Redis writes them
 */
public record RedisSpec(String engine, String version, String install, Map<String, String> config) {
    /** A word of {@code install}: what a host has already. */
    public static final String PRESENT = "present";

    /** A word of {@code install}: packages of the host's own apt, at one version, held. */
    public static final String PACKAGES = "packages";

    public RedisSpec {
        config = Map.copyOf(config);
    }

    /** Whether packages are installed on its hosts. */
    public boolean packaged() {
        return PACKAGES.equals(install);
    }
}
