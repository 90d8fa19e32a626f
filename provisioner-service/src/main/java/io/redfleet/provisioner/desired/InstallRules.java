package io.redfleet.provisioner.desired;

import io.redfleet.contracts.cluster.RedisSpec;
import java.util.List;

/** Where the Redis of a cluster comes from. */
final class InstallRules {
    private static final List<String> KNOWN = List.of(RedisSpec.PRESENT, RedisSpec.PACKAGES, "archive", "source");
    private static final String FIELD = "spec.redis.install";

    private InstallRules() {}

    static String read(Fields redis) {
        String install = redis.choice("install", RedisSpec.PRESENT, KNOWN);
        if (install.equals(RedisSpec.PRESENT) || install.equals(RedisSpec.PACKAGES)) {
            return install;
        }
        String rule = "not supported in this release, which supports only present and packages";
        redis.broken().rule(redis.path("install"), install, rule);
        return RedisSpec.PRESENT;
    }

    /** A package is installed by root, and a host whose user has root for nothing else keeps what it has. */
    static void judge(Broken broken, RedisSpec redis, boolean systemd) {
        if (redis.packaged() && !systemd) {
            broken.rule(FIELD, redis.install(), "needs service: systemd; with any other it must be present");
        }
    }
}
