package io.redfleet.provisioner.desired;

import io.redfleet.contracts.cluster.ArchiveSpec;
import io.redfleet.contracts.cluster.RedisSpec;
import io.redfleet.provisioner.archive.ArchiveName;
import io.redfleet.provisioner.engine.Engine;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where the Redis of a cluster comes from. */
final class InstallRules {
    private static final List<String> KNOWN =
            List.of(RedisSpec.PRESENT, RedisSpec.PACKAGES, RedisSpec.ARCHIVE, RedisSpec.SOURCE);
    private static final String FIELD = "spec.redis.install";
    private static final Pattern WHOLE = Pattern.compile("\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");

    private static final Pattern VERSION = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){0,2}");
    /** Or what dpkg says of a package: never without the dash before Debian's own part. */
    private static final Pattern PACKAGE =
            Pattern.compile(VERSION.pattern() + "|(\\d{1,3}:)?\\d[A-Za-z0-9.+~]{0,63}-[A-Za-z0-9.+~-]{1,63}");

    private InstallRules() {}

    static String read(Fields redis) {
        return redis.choice("install", RedisSpec.PRESENT, KNOWN);
    }

    static String version(Fields redis, String install) {
        String rule = "must be a version or its beginning, such as \"7.0\"";
        return install.equals(RedisSpec.PACKAGES)
                ? redis.text("version", "", PACKAGE, rule + ", or a package's, such as \"5:7.0.15-1~deb12u6\"")
                : redis.text("version", "", VERSION, rule);
    }

    /** @return null where Redis comes from elsewhere */
    static @Nullable ArchiveSpec archive(Fields redis, String install) {
        if (!install.equals(RedisSpec.ARCHIVE)) {
            redis.unsupported("archive", "goes with install: archive alone");
            return null;
        }
        Fields archive = redis.object("archive");
        String file = archive.text("file", "");
        String sha256 = archive.text("sha256", "");
        archive.end();
        if (!ArchiveName.allowed(file)) {
            archive.broken().rule(archive.path("file"), file, ArchiveName.FILE_RULE);
        }
        if (!ArchiveName.digest(sha256)) {
            archive.broken().rule(archive.path("sha256"), sha256, ArchiveName.SHA256_RULE);
        }
        return new ArchiveSpec(file, sha256);
    }

    /**
     * A package is installed by root, and a host whose user has root for nothing else keeps what it has. What comes out of an
     * archive lies in a directory that its version names.
     */
    static void judge(Broken broken, RedisSpec redis, boolean systemd) {
        if (redis.packaged() && Engine.of(redis) != Engine.REDIS) {
            String rule = "is for the packages of Redis in this release; with engine: "
                    + Engine.of(redis).word() + " it must be present or archive";
            broken.rule(FIELD, redis.install(), rule);
        } else if (redis.packaged() && !systemd) {
            String rule = "needs service: systemd; with any other it must be present, archive or source";
            broken.rule(FIELD, redis.install(), rule);
        }
        if (redis.source() != null && Engine.of(redis) != Engine.REDIS) {
            String rule = "is for the source of Redis in this release; with engine: "
                    + Engine.of(redis).word() + " it must be present or archive";
            broken.rule(FIELD, redis.install(), rule);
        }
        if (redis.archived() && !WHOLE.matcher(redis.version()).matches()) {
            String rule = "with install: " + redis.install()
                    + " it must be the whole version of what that holds, such as \"8.0.2\"";
            broken.rule("spec.redis.version", redis.version(), rule);
        }
    }
}
