package io.redfleet.gateway.board;

import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.operation.HostFacts;
import org.jspecify.annotations.Nullable;

/**
 * What is measured of what a check is about. Figures that may be old are not shown: then it is said why there are none.
 *
 * @param machine of a machine; null elsewhere, and where it is not known
 * @param filesystem of a filesystem; null likewise
 * @param missing why there are no figures; empty while there are, and of an address, of which nothing is measured
 */
record HostFigures(
        @Nullable MachineFigures machine, @Nullable FilesystemFigures filesystem, String missing) {
    private static final HostFigures NONE = missing("");

    static HostFigures of(HostName host, HostLine.Kind kind, HostState.Evidence evidence) {
        String doubt = kind == HostLine.Kind.HOST ? "" : HostState.silence(host, evidence);
        HostFacts facts = evidence.facts().orElse(null);
        if (!doubt.isEmpty() || facts == null) {
            return missing(doubt);
        }
        return switch (kind) {
            case SYSTEM -> new HostFigures(MachineFigures.of(facts, evidence.before()), null, "");
            case FILESYSTEM ->
                FilesystemFigures.of(facts)
                        .map(known -> new HostFigures(null, known, ""))
                        .orElse(missing(host + " does not say how large the filesystem is"));
            case HOST -> NONE;
        };
    }

    private static HostFigures missing(String why) {
        return new HostFigures(null, null, why);
    }
}
