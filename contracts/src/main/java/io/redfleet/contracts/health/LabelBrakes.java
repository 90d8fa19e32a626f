package io.redfleet.contracts.health;

import io.redfleet.contracts.cluster.Label;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The brakes by label, beside the whole fleet's in its record. They are counted by themselves, so that whoever sets the
 * fleet's brake at the same time undoes none of them.
 *
 * @param count how often one was put on or taken off; part of event ids
 * @param brakes those that are on, in the order of their labels, one of a label
 */
public record LabelBrakes(long count, List<LabelBrake> brakes) {
    public static final LabelBrakes NONE = new LabelBrakes(0, List.of());

    /** So many may be on at once. More that were read hold all the same. */
    public static final int MOST = 100;

    public LabelBrakes {
        brakes = brakes.stream().sorted(Comparator.comparing(LabelBrake::label)).toList();
    }

    /** The brake of this very label. */
    public Optional<LabelBrake> of(Label label) {
        return brakes.stream().filter(brake -> brake.label().equals(label)).findFirst();
    }

    /** A brake that holds a cluster with these labels; the first of several. */
    public Optional<LabelBrake> holding(Map<String, String> labels) {
        return brakes.stream().filter(brake -> brake.label().isOn(labels)).findFirst();
    }

    /** @param next as {@link #count} */
    public LabelBrakes with(LabelBrake brake, long next) {
        return new LabelBrakes(
                next, Stream.concat(others(brake.label()), Stream.of(brake)).toList());
    }

    /** @param next as {@link #count} */
    public LabelBrakes without(Label label, long next) {
        return new LabelBrakes(next, others(label).toList());
    }

    private Stream<LabelBrake> others(Label label) {
        return brakes.stream().filter(brake -> !brake.label().equals(label));
    }
}
