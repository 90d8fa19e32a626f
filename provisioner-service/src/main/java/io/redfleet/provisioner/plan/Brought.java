package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ArchiveSpec;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.SourceSpec;
import io.redfleet.provisioner.archive.ArchiveSurvey.Tree;
import io.redfleet.provisioner.archive.BuildSurvey;
import io.redfleet.provisioner.archive.Origin;
import org.jspecify.annotations.Nullable;

/**
 * The archive that a cluster's hosts get.
 *
 * @param archive what is sent; without a digest where it is not built yet, or no host lacks it
 * @param named the file that the spec names and pins: that archive, or the source that it is built of
 * @param origin the word of what it is built of; empty: the spec names the archive itself
 * @param field of the spec that pins it
 */
record Brought(ArchiveSpec archive, ArchiveSpec named, String origin, String field) {
    private static final ArchiveSpec UNKNOWN = new ArchiveSpec("", "");

    /** @return null for a cluster whose hosts get none */
    static @Nullable Brought of(ClusterSpec spec, BuildSurvey build) {
        ArchiveSpec archive = spec.redis().archive();
        if (archive != null) {
            return new Brought(archive, archive, "", "spec.redis.archive.sha256");
        }
        SourceSpec source = spec.redis().source();
        if (source == null) {
            return null;
        }
        ArchiveSpec known = build instanceof BuildSurvey.Kept kept ? kept.archive() : UNKNOWN;
        ArchiveSpec named = new ArchiveSpec(source.file(), source.sha256());
        String origin = Origin.of(spec).map(Origin::word).orElse("");
        return new Brought(known, named, origin, "spec.redis.source.sha256");
    }

    /** Whether that version came out of it, or out of one that was built alike. */
    boolean is(Tree tree) {
        boolean built = !origin.isEmpty() && tree.origin().equals(origin);
        return built || (!archive.sha256().isEmpty() && tree.sha256().equals(archive.sha256()));
    }

    /** For a person; the same before it is built and after. */
    String shown() {
        return origin.isEmpty() ? named.file() : "what is built of " + named.file();
    }
}
