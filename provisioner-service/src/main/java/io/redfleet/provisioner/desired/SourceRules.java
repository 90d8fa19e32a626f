package io.redfleet.provisioner.desired;

import io.redfleet.contracts.cluster.BuildHost;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.RedisSpec;
import io.redfleet.contracts.cluster.SourceSpec;
import io.redfleet.contracts.cluster.SshSpec;
import io.redfleet.provisioner.archive.ArchiveName;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The source that a cluster's Redis is built of, and the host that builds it. */
final class SourceRules {
    private static final Pattern DIRECTORY = Pattern.compile("/?[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+){0,20}");
    private static final String DIRECTORY_RULE =
            "must be a path of letters, digits, dots, dashes and underscores, without . and .. between its slashes";
    private static final String OTHERWISE = "redfleet-build";

    private SourceRules() {}

    /** @return null where Redis comes from elsewhere */
    static @Nullable SourceSpec read(Fields redis, String install) {
        if (!install.equals(RedisSpec.SOURCE)) {
            redis.unsupported("source", "goes with install: source alone");
            return null;
        }
        Fields source = redis.object("source");
        String file = source.text("file", "");
        String sha256 = source.text("sha256", "");
        BuildHost host = host(source.object("buildHost"));
        source.end();
        if (!ArchiveName.allowed(file)) {
            source.broken().rule(source.path("file"), file, ArchiveName.FILE_RULE);
        }
        if (!ArchiveName.digest(sha256)) {
            source.broken().rule(source.path("sha256"), sha256, ArchiveName.SHA256_RULE);
        }
        return new SourceSpec(file, sha256, host);
    }

    /** A compiler belongs on no host that data lies on (requirement R61). */
    static void judge(Broken broken, RedisSpec redis, List<HostSpec> hosts) {
        SourceSpec source = redis.source();
        if (source == null) {
            return;
        }
        String address = source.buildHost().address();
        Optional<HostSpec> member =
                hosts.stream().filter(host -> host.address().equals(address)).findFirst();
        member.ifPresent(host -> broken.rule(
                "spec.redis.source.buildHost.address",
                address,
                "is the address of host " + host.name() + ": nothing is built on a host of the cluster"));
    }

    private static BuildHost host(Fields host) {
        String address = HostReader.address(host, "address");
        SshSpec ssh = HostReader.ssh(host.object("ssh"), address);
        String directory = host.text("directory", OTHERWISE);
        host.end();
        if (ssh.user().equals("root")) {
            String rule = "must not be root: what a source has its compiler do is done as that user";
            host.broken().rule(host.path("ssh") + ".user", ssh.user(), rule);
        }
        List<String> parts = List.of(directory.split("/", -1));
        if (!DIRECTORY.matcher(directory).matches() || parts.contains(".") || parts.contains("..")) {
            host.broken().rule(host.path("directory"), directory, DIRECTORY_RULE);
        }
        return new BuildHost(address, ssh, directory);
    }
}
