package io.redfleet.monitor.edge.kafka;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.bus.replay.Follower;
import io.redfleet.bus.replay.Start;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.event.EventTypes;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.wire.Position;
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
    private final Losses losses;

    /** A fact, where it lies, and in whose term it was told; {@link Term#NONE} if it does not say. */
    public record Lying(Position position, Fact fact, Term term) {}

    /**
     * What was read.
     *
     * @param end the first offset that was not
     */
    public record Read(List<Lying> told, long end) {
        static final Read NOTHING = new Read(List.of(), 0);
    }

    /** @param closer may block for a moment */
    public EventTail(BusSettings settings, Executor closer, Losses losses) {
        this.settings = settings;
        this.closer = closer;
        this.losses = losses;
    }

    /**
     * What of ours is wanted, from there to the end as it is now, in order.
     *
     * @param wanted called on a thread of the tail's own
     */
    public CompletionStage<Read> from(Start.Tail start, Predicate<Lying> wanted) {
        // Filled by the follower's thread, and read once that has said that it is done.
        List<Lying> found = new ArrayList<>();
        Follower follower = Follower.of(settings, List.of(Topic.EVENTS), start, record -> {
            if (record.partition() == start.partition()) {
                lying(record).filter(wanted).ifPresent(found::add);
            }
        });
        return follower.caughtUp()
                .thenApply(nothing -> new Read(List.copyOf(found), end(follower, start.partition())))
                .whenComplete((told, failure) -> closer.execute(follower::close));
    }

    /** Empty for what no monitor told, or cannot be read: then it is a loss. Any thread. */
    Optional<Lying> lying(BusRecord record) {
        return ours(record).map(fact -> new Lying(record.position(), fact, termOf(record)));
    }

    static Term termOf(BusRecord record) {
        return Term.parse(record.headers().getOrDefault(Term.HEADER, "")).orElse(Term.NONE);
    }

    private static long end(Follower follower, int partition) {
        return follower.nextOffsets(Topic.EVENTS).getOrDefault(partition, 0L);
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
