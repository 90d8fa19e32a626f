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
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The two readers of this gateway: one builds the views from the beginning of the state topics, one follows events from
 * their present end, and outcomes from a little before, so that a caller who repeats a request after our restart is
 * known.
 */
public final class BusReading implements Seen, AutoCloseable {
    private final StateViews views;
    private final Tickets tickets;
    private final Hub hub;
    private final Unread unread;
    private final Follower state;
    private final Follower present;

    /** Who is told of what is read. */
    public record Readers(StateViews views, Tickets tickets, Hub hub, Unread unread) {}

    /**
     * Starts both readers.
     *
     * @param recent from when on outcomes are read
     */
    public BusReading(BusSettings settings, Readers readers, Instant recent) {
        this.views = readers.views();
        this.tickets = readers.tickets();
        this.hub = readers.hub();
        this.unread = readers.unread();
        this.state = Follower.of(settings, StateViews.TOPICS, new Start.Beginning(), this::fold);
        Start start = new Start.Since(Topic.OUTCOMES, recent);
        this.present = Follower.of(settings, List.of(Topic.OUTCOMES, Topic.EVENTS), start, this::happened);
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
            views.unread(record);
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
