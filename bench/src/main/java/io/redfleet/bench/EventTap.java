package io.redfleet.bench;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.EventRecord;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.bus.replay.Follower;
import io.redfleet.bus.replay.Start;
import io.redfleet.bus.topics.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** When each event reached a consumer, by {@link System#nanoTime()}; so every latency includes one consumer's fetch. */
final class EventTap implements AutoCloseable {
    private final Map<String, BlockingQueue<Long>> arrivals = new ConcurrentHashMap<>();
    private final Follower follower;

    EventTap(BusSettings settings) {
        this.follower = Follower.of(settings, List.of(Topic.EVENTS), new Start.End(), this::take);
        follower.caughtUp().toCompletableFuture().join();
    }

    /** Forgets what has come so far of this type and subject. */
    void clear(String type, String subject) {
        queue(type, subject).clear();
    }

    /**
     * Waits for the next event of this type and subject.
     *
     * @throws IllegalStateException when none came in time
     */
    long await(String type, String subject, Duration within) throws InterruptedException {
        Long arrived = queue(type, subject).poll(within.toMillis(), TimeUnit.MILLISECONDS);
        if (arrived == null) {
            throw new IllegalStateException("no " + type + " of " + subject + " within " + within);
        }
        return arrived;
    }

    @Override
    public void close() {
        follower.close();
    }

    private void take(BusRecord record) {
        long now = System.nanoTime();
        try {
            EventRecord event = record.event();
            String type = event.type().replaceFirst("^io\\.redfleet\\.", "").replaceFirst("\\.v1$", "");
            queue(type, event.subject()).add(now);
        } catch (Unreadable e) {
            throw new IllegalStateException("an event that cannot be read: " + record, e);
        }
    }

    private BlockingQueue<Long> queue(String type, String subject) {
        return arrivals.computeIfAbsent(type + " " + subject, key -> new LinkedBlockingQueue<>());
    }
}
