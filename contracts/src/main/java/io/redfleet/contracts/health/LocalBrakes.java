package io.redfleet.contracts.health;

import io.redfleet.contracts.cluster.Label;
import java.util.List;
import java.util.Map;

/**
 * What files of one machine say, which work without Kafka. Whatever of them is not understood holds everything.
 *
 * @param everywhere why this machine does nothing automatic at all; empty: there is no such reason
 * @param labels it does nothing automatic in clusters that bear one of these
 */
public record LocalBrakes(String everywhere, List<Label> labels) {
    public static final LocalBrakes NONE = new LocalBrakes("", List.of());

    public LocalBrakes {
        labels = List.copyOf(labels);
    }

    public static LocalBrakes everywhere(String why) {
        return new LocalBrakes(why, List.of());
    }

    /** Why nothing automatic is done in a cluster with these labels; empty if no label holds it. */
    public String labelled(Map<String, String> carried) {
        return labels.stream()
                .filter(label -> label.isOn(carried))
                .findFirst()
                .map(label -> "the label " + label + " is disarmed by a file on this machine")
                .orElse("");
    }
}
