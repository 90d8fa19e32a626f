package io.redfleet.monitor.edge.kafka;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.bus.replay.Follower;
import io.redfleet.bus.replay.Start;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.event.EventTypes;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.wire.ServiceName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

/** Reads what monitors told at the end of one partition of the events. */
public final class EventTail {
    private final BusSettings settings;
    private final Executor closer;

    /** A fact and where it lies. */
    public record Lying(long offset, Fact fact) {}

    /** @param closer may block for a moment */
    public EventTail(BusSettings settings, Executor closer) {
        this.settings = settings;
        this.closer = closer;
    }

    /** Everything of ours from this offset to the end as it is now, in order. */
    public CompletionStage<List<Lying>> from(int partition, long offset) {
        List<Lying> found = new CopyOnWriteArrayList<>();
        Follower follower =
                Follower.of(settings, List.of(Topic.EVENTS), new Start.At(Map.of(partition, offset)), record -> {
                    if (record.partition() == partition) {
                        ours(record).ifPresent(fact -> found.add(new Lying(record.offset(), fact)));
                    }
                });
        return follower.caughtUp()
                .whenComplete((nothing, failure) -> closer.execute(follower::close))
                .thenApply(nothing -> List.copyOf(found));
    }

    private static Optional<Fact> ours(BusRecord record) {
        try {
            return record.event()
                    .fact()
                    .filter(fact -> EventTypes.writer(fact.event().getClass()) == ServiceName.MONITOR);
        } catch (Unreadable e) {
            // Whoever reads events for their content reports it; here it only cannot count.
            return Optional.empty();
        }
    }
}
