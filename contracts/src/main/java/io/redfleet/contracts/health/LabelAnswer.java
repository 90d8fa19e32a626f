package io.redfleet.contracts.health;

import io.redfleet.contracts.cluster.Label;
import org.jspecify.annotations.Nullable;

/**
 * What became of an order to disarm or rearm a label: the body of its outcome.
 *
 * @param disarmed whether the label's brake is on now
 * @param note what the order did not change, in a sentence: it was so before, or the whole fleet is disarmed besides; empty if
 *     there is nothing to say
 * @param brake who put it on, when and why; null while it is off
 */
public record LabelAnswer(
        Label label,
        boolean disarmed,
        String note,
        @Nullable LabelBrake brake) {}
