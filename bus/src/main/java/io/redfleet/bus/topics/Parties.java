package io.redfleet.bus.topics;

import io.redfleet.contracts.wire.ServiceName;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * Who has to do with a topic; nobody else may.
 *
 * @param published whether other teams read it as well
 */
record Parties(Set<ServiceName> writers, Set<ServiceName> readers, boolean published) {
    Parties {
        writers = Set.copyOf(writers);
        readers = Set.copyOf(readers);
    }

    static Parties from(ServiceName... writers) {
        return new Parties(EnumSet.copyOf(Arrays.asList(writers)), EnumSet.noneOf(ServiceName.class), false);
    }

    Parties to(ServiceName... readers) {
        return new Parties(writers, EnumSet.copyOf(Arrays.asList(readers)), published);
    }

    Parties andOtherTeams() {
        return new Parties(writers, readers, true);
    }
}
