package io.redfleet.provisioner.archive;

import io.redfleet.contracts.cluster.ArchiveSpec;

/** What is known of the archive that a cluster's source becomes. */
public sealed interface BuildSurvey {
    /** Nobody asked: nothing is built for the cluster, or each of its hosts has what was. */
    record Unasked() implements BuildSurvey {}

    /** It was built, and lies among the artefacts of this provisioner. */
    record Kept(ArchiveSpec archive) implements BuildSurvey {}

    /**
     * The build host can build it.
     *
     * @param built whether it has, so that the archive has only to be fetched
     */
    record Ready(boolean built) implements BuildSurvey {}

    /** Nobody can, and why, in words for a person. */
    record Unable(String reason) implements BuildSurvey {}
}
