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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/** Reads what monitors told at the end of one partition of the events. */
public final class EventTail {
    private final BusSettings settings;
    private final Executor closer;
    private final FleetOwner.Losses losses;

    /** A fact and where it lies. */
    public record Lying(long offset, Fact fact) {}

    /** @param closer may block for a moment */
    public EventTail(BusSettings settings, Executor closer, FleetOwner.Losses losses) {
        this.settings = settings;
        this.closer = closer;
        this.losses = losses;
    }

    /**
     * What of ours is wanted, from there to the end as it is now, in order.
     *
     * @param wanted called on a thread of the tail's own
     */
    public CompletionStage<List<Lying>> from(Start.Tail start, Predicate<Lying> wanted) {
        // Filled by the follower's thread, and read once that has said that it is done.
        List<Lying> found = new ArrayList<>();
        Follower follower = Follower.of(settings, List.of(Topic.EVENTS), start, record -> {
            if (record.partition() == start.partition()) {
                ours(record)
                        .map(fact -> new Lying(record.offset(), fact))
                        .filter(wanted)
                        .ifPresent(found::add);
            }
        });
        return follower.caughtUp()
                .thenApply(nothing -> List.copyOf(found))
                .whenComplete((told, failure) -> closer.execute(follower::close));
    }

    private Optional<Fact> ours(BusRecord record) {
        try {
            return record.event()
                    .fact()
                    .filter(fact -> EventTypes.writer(fact.event().getClass()) == ServiceName.MONITOR);
        } catch (Unreadable e) {
            losses.lost(record, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }
}
