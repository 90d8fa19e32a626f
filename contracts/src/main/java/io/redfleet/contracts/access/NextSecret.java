package io.redfleet.contracts.access;

import io.redfleet.contracts.wire.ServiceName;
import java.time.Instant;
import java.util.Map;

/**
 * The password that takes the place of a {@link SealedSecret}'s own, while both of them count.
 *
 * @param since when it was made
 * @param copies as those of the record
 */
public record NextSecret(Stage stage, Instant since, Map<ServiceName, Sealed> copies) {
    public NextSecret {
        copies = Map.copyOf(copies);
    }

    /** The same password, one stage on. */
    public NextSecret in(Stage later) {
        return new NextSecret(later, since, copies);
    }

    /** How far the change has come. */
    public enum Stage {
        /** Instances are given the new one beside the old; until all of them take it, only the old one is good everywhere. */
        ADDING,
        /** Every instance takes both. */
        BOTH,
        /** The old one is taken from the instances; only the new one is good everywhere. */
        REMOVING
    }
}
