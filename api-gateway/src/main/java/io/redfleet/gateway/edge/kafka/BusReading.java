package io.redfleet.gateway.edge.kafka;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.bus.replay.Follower;
import io.redfleet.bus.replay.Start;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Position;
import io.redfleet.gateway.live.Hub;
import io.redfleet.gateway.live.Vector;
import io.redfleet.gateway.order.Seen;
import io.redfleet.gateway.order.Tickets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The two readers of this gateway: one builds the views from the beginning of the state topics, one follows outcomes
 * and events from their present end.
 */
public final class BusReading implements Seen, AutoCloseable {
    private final StateViews views;
    private final Tickets tickets;
    private final Hub hub;
    private final Unread unread;
    private final Follower state;
    private final Follower present;

    /** Starts both readers. */
    public BusReading(BusSettings settings, StateViews views, Tickets tickets, Hub hub, Unread unread) {
        this.views = views;
        this.tickets = tickets;
        this.hub = hub;
        this.unread = unread;
        this.state = Follower.of(settings, StateViews.TOPICS, new Start.Beginning(), this::fold);
        this.present = Follower.of(settings, List.of(Topic.OUTCOMES, Topic.EVENTS), new Start.End(), this::happened);
    }

    /** Waits until the views show all that was there at the start, and the present is being followed. */
    public boolean awaitReady(Duration patience) throws InterruptedException {
        if (await(state.caughtUp(), patience) && await(present.caughtUp(), patience)) {
            hub.begin(Vector.of(present.nextOffsets(Topic.EVENTS)));
            return true;
        }
        return false;
    }

    /** For how long one of the readers has had no broker. */
    public Duration silence() {
        Duration a = state.silence();
        Duration b = present.silence();
        return a.compareTo(b) > 0 ? a : b;
    }

    @Override
    public boolean passed(List<Position> positions, Duration patience) {
        try {
            return await(state.passed(positions, patience), patience.plusMillis(100));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        state.close();
        present.close();
    }

    private void fold(BusRecord record) {
        try {
            views.fold(record);
        } catch (Unreadable e) {
            unread.unreadable(record, e);
        }
    }

    private void happened(BusRecord record) {
        try {
            if (record.topic() == Topic.OUTCOMES) {
                tickets.arrived(record.as(Outcome.class));
            } else {
                hub.happened(Happenings.of(record));
            }
        } catch (Unreadable e) {
            unread.unreadable(record, e);
        }
    }

    private static boolean await(CompletionStage<Void> stage, Duration patience) throws InterruptedException {
        try {
            stage.toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TimeoutException) {
                return false;
            }
            throw new IllegalStateException("a reader of the bus has ended", e.getCause());
        }
    }

    /** Told of records that nobody could read. */
    public interface Unread {
        void unreadable(BusRecord record, Unreadable why);
    }
}
