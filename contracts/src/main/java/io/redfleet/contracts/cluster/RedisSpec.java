package io.redfleet.contracts.cluster;

import java.util.Map;

/**
 * What runs on the data nodes.
 *
 * @param version a prefix ("7.0") or the exact version that {@code INFO server} must report; empty: any managed version
 * @param config redis.conf directives by name, values as Redis writes them
 */
public record RedisSpec(String engine, String version, String install, Map<String, String> config) {
    public RedisSpec {
        config = Map.copyOf(config);
    }
}
