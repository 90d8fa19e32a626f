package io.redfleet.monitor.edge.kafka;

import io.redfleet.bus.codec.BusMessage;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Keeps the events of one cluster in their order while nobody can say who speaks: one that waits is not overtaken by a later
 * one that is asked about a moment after it, when it can be said again. The outbox sends from the oldest on, so whoever waits
 * first is also the first to be asked about once more. Not thread-safe.
 */
final class Precedence {
    private final Function<BusMessage, Tenure.Word> tenure;
    private final Map<String, BusMessage> first = new HashMap<>(); // by cluster, whoever waits first

    Precedence(Function<BusMessage, Tenure.Word> tenure) {
        this.tenure = tenure;
    }

    @SuppressWarnings("ReferenceEquality") // the very record that waits, not one like it
    Tenure.Word of(BusMessage event) {
        BusMessage ahead = first.get(event.key());
        if (ahead != null && ahead != event) {
            return Tenure.Word.WAITS;
        }
        Tenure.Word word = tenure.apply(event);
        if (word == Tenure.Word.WAITS) {
            first.put(event.key(), event);
        } else {
            first.remove(event.key());
        }
        return word;
    }
}
