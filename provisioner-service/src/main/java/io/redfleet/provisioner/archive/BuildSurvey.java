package io.redfleet.provisioner.archive;

import io.redfleet.contracts.cluster.ArchiveSpec;

/** What is known of the archive that a cluster's source becomes, or that its spec names. */
public sealed interface BuildSurvey {
    /** Nobody asked, for each of the hosts has it, or none is to get any; or what a spec names is there as it is pinned. */
    record Unasked() implements BuildSurvey {}

    /** It was built, and lies among the artefacts of this provisioner. */
    record Kept(ArchiveSpec archive) implements BuildSurvey {}

    /**
     * The build host can build it.
     *
     * @param built whether it has, so that the archive has only to be fetched
     */
    record Ready(boolean built) implements BuildSurvey {}

    /** A host lacks what the spec names, and it cannot be sent, and why, in words for a person. */
    record Absent(String reason) implements BuildSurvey {}

    /** Nobody can, and why, in words for a person. */
    record Unable(String reason) implements BuildSurvey {}
}
