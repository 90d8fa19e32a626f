package io.redfleet.bus.topics;

import io.redfleet.contracts.wire.ServiceName;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who has to do with a topic; nobody else may.
 *
 * @param published whether other teams read it as well
 */
record Parties(Set<ServiceName> writers, Set<ServiceName> readers, boolean published) {
    Parties {
        // In the order of the enum: what is published from the table is the same in every run.
        writers = Collections.unmodifiableSet(new TreeSet<>(writers));
        readers = Collections.unmodifiableSet(new TreeSet<>(readers));
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
