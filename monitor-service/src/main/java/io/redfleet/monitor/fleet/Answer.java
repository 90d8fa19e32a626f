package io.redfleet.monitor.fleet;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.health.LabelAnswer;
import io.redfleet.contracts.wire.Problem;
import java.util.Map;

/** What became of an order. */
public sealed interface Answer {
    /** Done; there is nothing to show. */
    record Done() implements Answer {}

    record Brake(FleetBrake brake) implements Answer {}

    record OfLabel(LabelAnswer answer) implements Answer {}

    /** By instance: the fields of the section, or one field {@code error}. */
    record Shown(Map<InstanceId, Map<String, String>> figures) implements Answer {
        public Shown {
            figures = Map.copyOf(figures);
        }
    }

    record Refused(Problem problem) implements Answer {}
}
