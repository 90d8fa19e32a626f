package io.redfleet.provisioner.survey;

import io.redfleet.contracts.cluster.ArchiveSpec;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.provisioner.archive.ArchiveSurvey.Tree;
import io.redfleet.provisioner.archive.BuildSurvey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks whether the archive that a spec names lies here as it is pinned, and only where a host lacks it. */
final class ArchiveLook {
    /** Of hosts that are named; more are counted. */
    private static final int SHOWN = 5;

    private ArchiveLook() {}

    /** @param found the hosts of the cluster that answered */
    static BuildSurvey of(ClusterSpec spec, Map<HostName, HostSurvey> found, Freight freight) {
        ArchiveSpec archive = spec.redis().archive();
        if (archive == null || freight == Freight.NONE) {
            return new BuildSurvey.Unasked();
        }
        String version = spec.redis().version();
        List<String> lacking = spec.hosts().stream()
                .map(HostSpec::name)
                .filter(host -> lacks(found.get(host), version))
                .map(HostName::value)
                .toList();
        if (lacking.isEmpty()) {
            return new BuildSurvey.Unasked();
        }
        return notSent(archive, freight.weigh(archive.file()))
                .<BuildSurvey>map(reason ->
                        new BuildSurvey.Absent(version + " has to come to " + shown(lacking) + ", and " + reason))
                .orElseGet(BuildSurvey.Unasked::new);
    }

    /** Of one that gave no answer nobody knows. */
    private static boolean lacks(@Nullable HostSurvey host, String version) {
        if (host == null) {
            return false;
        }
        Tree tree = host.archives().trees().get(version);
        return tree == null || !tree.whole();
    }

    private static Optional<String> notSent(ArchiveSpec archive, Freight.Weight weight) {
        return switch (weight) {
            case Freight.Missing missing -> Optional.of(missing.reason());
            case Freight.Load load
            when load.bytes() > Freight.MOST_BYTES ->
                Optional.of(load.artefact() + " has " + load.bytes() + " bytes; at most " + Freight.MOST_BYTES
                        + " are sent");
            case Freight.Load load
            when !load.sha256().equals(archive.sha256()) ->
                Optional.of(load.artefact() + " has sha256 " + load.sha256() + ", and spec.redis.archive.sha256 is "
                        + archive.sha256() + ": put that file there, or name this one");
            case Freight.Load load -> Optional.empty();
        };
    }

    private static String shown(List<String> hosts) {
        String first = String.join(", ", hosts.subList(0, Math.min(SHOWN, hosts.size())));
        return hosts.size() <= SHOWN ? first : first + " and " + (hosts.size() - SHOWN) + " more";
    }
}
