package io.redfleet.monitor.check;

import java.util.List;
import java.util.Map;

/**
 * What a cycle came to.
 *
 * @param states by service
 * @param told in the order in which it happened
 * @param deeds in the order in which they are to be done
 */
public record Turn(Map<String, ServiceState> states, List<Told> told, List<Deed> deeds) {
    public Turn {
        states = Map.copyOf(states);
        told = List.copyOf(told);
        deeds = List.copyOf(deeds);
    }
}
