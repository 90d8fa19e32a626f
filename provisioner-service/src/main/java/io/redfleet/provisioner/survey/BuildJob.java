package io.redfleet.provisioner.survey;

import io.redfleet.contracts.cluster.BuildHost;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.SourceSpec;
import io.redfleet.contracts.cluster.SshSpec;
import io.redfleet.provisioner.archive.Origin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A Redis that is to be built, and where.
 *
 * @param directory of the build host; a relative path starts at the SSH user's home
 */
public record BuildJob(HostAccess access, String directory, SourceSpec source, Origin origin) {
    /** What messages and steps call the host, whose name no spec says. */
    public static final String HOST = "build";

    /** Of a cluster whose Redis is built. */
    public static Optional<BuildJob> of(ClusterSpec spec) {
        SourceSpec source = spec.redis().source();
        Optional<Origin> origin = Origin.of(spec);
        if (source == null || origin.isEmpty()) {
            return Optional.empty();
        }
        BuildHost host = source.buildHost();
        return Optional.of(new BuildJob(access(host), host.directory(), source, origin.get()));
    }

    /** One verb of build.sh, as the SSH user, with what else it asks for. */
    public Script script(String verb, Duration deadline, List<String> words) {
        List<String> arguments = new ArrayList<>(List.of(directory, verb, origin.word()));
        arguments.addAll(words);
        return Scripts.of(BuildJob.class, "build", deadline, arguments);
    }

    /** Why a source that was weighed is not sent; empty: it is the one that is asked for. */
    public Optional<String> notSent(Freight.Weight weight) {
        return switch (weight) {
            case Freight.Missing missing -> Optional.of(missing.reason());
            case Freight.Load load
            when load.bytes() > Freight.MOST_BYTES ->
                Optional.of(
                        source.file() + " has " + load.bytes() + " bytes; at most " + Freight.MOST_BYTES + " are sent");
            case Freight.Load load
            when !load.sha256().equals(source.sha256()) ->
                Optional.of(source.file() + " has sha256 " + load.sha256() + ", and spec.redis.source.sha256 is "
                        + source.sha256());
            case Freight.Load load -> Optional.empty();
        };
    }

    private static HostAccess access(BuildHost host) {
        SshSpec ssh = host.ssh();
        String hostKey = ssh.hostKey() == null ? "" : ssh.hostKey();
        return new HostAccess(HOST, host.address(), ssh.port(), ssh.user(), ssh.credential(), hostKey, Place.via(ssh));
    }
}
