package io.redfleet.gateway.edge.kafka;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.bus.replay.Follower;
import io.redfleet.bus.replay.Start;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.wire.Position;
import io.redfleet.gateway.live.Hub;
import io.redfleet.gateway.live.Vector;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Reads the events between two places with a short-lived reader of its own. */
public final class PastEvents implements Hub.Past {
    /** How often it is looked whether the listener is still there. */
    private static final Duration LOOK = Duration.ofMillis(500);
    /** A replay of 400 days of a large fleet may take minutes, not hours. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final BusSettings settings;
    private final BusReading.Unread unread;

    public PastEvents(BusSettings settings, BusReading.Unread unread) {
        this.settings = settings;
        this.unread = unread;
    }

    @Override
    public boolean read(Vector from, Vector to, Hub.Sink sink) throws InterruptedException {
        List<Position> lasts = to.next().entrySet().stream()
                .filter(end -> from.next().getOrDefault(end.getKey(), 0L) < end.getValue())
                .map(end -> new Position(Topic.EVENTS.fullName(), end.getKey(), end.getValue() - 1))
                .toList();
        if (lasts.isEmpty()) {
            return true;
        }
        AtomicBoolean enough = new AtomicBoolean();
        try (Follower follower = Follower.of(
                settings, List.of(Topic.EVENTS), new Start.At(from.next()), record -> hand(record, to, sink, enough))) {
            return await(follower, lasts, enough);
        }
    }

    private void hand(BusRecord record, Vector to, Hub.Sink sink, AtomicBoolean enough) {
        if (enough.get() || !to.includes(record.partition(), record.offset())) {
            return;
        }
        try {
            if (!sink.take(Happenings.of(record))) {
                enough.set(true);
            }
        } catch (Unreadable e) {
            unread.unreadable(record, e);
        } catch (InterruptedException e) {
            enough.set(true);
            Thread.currentThread().interrupt();
        }
    }

    private static boolean await(Follower follower, List<Position> lasts, AtomicBoolean enough)
            throws InterruptedException {
        // The caught-up signal first: before it the reader does not know where it starts.
        for (long looks = LONGEST.dividedBy(LOOK); looks > 0 && !enough.get(); looks--) {
            try {
                follower.caughtUp().toCompletableFuture().get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                follower.passed(lasts, LOOK).toCompletableFuture().get();
                return true;
            } catch (TimeoutException e) {
                // Not there yet: look again.
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TimeoutException)) {
                    return false;
                }
            }
        }
        return false;
    }
}
