package io.redfleet.provisioner.gate;

import io.redfleet.contracts.cluster.Endpoint;
import java.util.Optional;

/** What the gate says. */
public sealed interface Verdict {

    /**
     * It may be done.
     *
     * @param follow for the start of a data node: the master it must be told to follow before it starts; empty: it
     *     starts as the master that it is
     */
    record Go(Optional<Endpoint> follow) implements Verdict {}

    /** Nothing needs to be done. */
    record Needless(String reason) implements Verdict {}

    /**
     * It must not be done now.
     *
     * @param rule a short name, the same for every occurrence
     */
    record Withheld(String rule, String reason) implements Verdict {}
}
