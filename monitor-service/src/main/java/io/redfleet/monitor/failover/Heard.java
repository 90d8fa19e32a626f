package io.redfleet.monitor.failover;

import java.util.List;

/** What a line, or a look at the state, made of the chronicle. */
public record Heard(Chronicle chronicle, List<Told> told) {
    public Heard {
        told = List.copyOf(told);
    }

    static Heard nothing(Chronicle chronicle) {
        return new Heard(chronicle, List.of());
    }
}
