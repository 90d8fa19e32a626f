package io.redfleet.bus.replay;

import io.redfleet.bus.topics.Topic;
import java.time.Instant;
import java.util.Map;

/** Where a {@link Follower} begins. */
public sealed interface Start {
    /** Everything that is kept. */
    record Beginning() implements Start {}

    /** Only what comes from now on. */
    record End() implements Start {}

    /** The given next offset per partition (of every followed topic alike); partitions left out start at their end. */
    record At(Map<Integer, Long> nextOffsets) implements Start {
        public At {
            nextOffsets = Map.copyOf(nextOffsets);
        }
    }

    /** One topic from what was appended at a time or later; the others start at their end. */
    record Since(Topic topic, Instant notBefore) implements Start {}

    /** One partition, from an offset but not from before a time of appending; the others start at their end. */
    record Tail(int partition, long nextOffset, Instant notBefore) implements Start {}
}
