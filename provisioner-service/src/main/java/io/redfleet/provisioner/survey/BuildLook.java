package io.redfleet.provisioner.survey;

import io.redfleet.contracts.cluster.ArchiveSpec;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.provisioner.archive.ArchiveSurvey.Tree;
import io.redfleet.provisioner.archive.BuildSurvey;
import io.redfleet.provisioner.archive.Origin;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks for the archive that a source becomes: here first, then on the build host, and only where a host lacks it. */
final class BuildLook {
    /** Some processes, and an archive that is read once. */
    private static final Duration WITHIN = Duration.ofSeconds(30);

    private static final String END = "build.end=yes\n";
    private static final String MISSING = "build.missing=";
    private static final String MADE = "build.made=";

    private BuildLook() {}

    /** @param found the hosts of the cluster that answered */
    static BuildSurvey of(ClusterSpec spec, Map<HostName, HostSurvey> found, Hosts hosts, Freight freight) {
        Optional<BuildJob> wanted = BuildJob.of(spec);
        if (wanted.isEmpty()) {
            return new BuildSurvey.Unasked();
        }
        BuildJob job = wanted.get();
        boolean lacking = spec.hosts().stream()
                .flatMap(host -> Optional.ofNullable(found.get(host.name())).stream())
                .anyMatch(host -> !has(host, job.origin()));
        if (!lacking) {
            return new BuildSurvey.Unasked();
        }
        Optional<Freight.Load> kept =
                freight.kept(job.origin().prefix(), job.access().place());
        return kept.<BuildSurvey>map(load -> new BuildSurvey.Kept(new ArchiveSpec(load.artefact(), load.sha256())))
                .orElseGet(() -> asked(job, hosts, freight));
    }

    private static boolean has(HostSurvey host, Origin origin) {
        Tree tree = host.archives().trees().get(origin.version());
        return tree != null && tree.ours() && tree.whole() && tree.origin().equals(origin.word());
    }

    private static BuildSurvey asked(BuildJob job, Hosts hosts, Freight freight) {
        Reply reply = hosts.run(job.access(), job.script("look", WITHIN, List.of()));
        return switch (reply) {
            case Reply.Failed failed -> new BuildSurvey.Unable(failed.reason());
            case Reply.Done done
            when !done.ok() || !done.out().endsWith(END) ->
                new BuildSurvey.Unable(job.access() + ": the build host could not be looked at: "
                        + done.err().strip());
            case Reply.Done done
            when done.out().lines().anyMatch(line -> line.startsWith(MADE)) -> new BuildSurvey.Ready(true);
            case Reply.Done done -> able(job, done.out(), freight);
        };
    }

    private static BuildSurvey able(BuildJob job, String out, Freight freight) {
        List<String> missing = out.lines()
                .filter(line -> line.startsWith(MISSING))
                .map(line -> line.substring(MISSING.length()))
                .toList();
        if (!missing.isEmpty()) {
            return new BuildSurvey.Unable(
                    job.access() + " cannot build Redis: not found there: " + String.join(", ", missing));
        }
        return job.notSent(freight.weigh(job.source().file()))
                .<BuildSurvey>map(BuildSurvey.Unable::new)
                .orElseGet(() -> new BuildSurvey.Ready(false));
    }
}
