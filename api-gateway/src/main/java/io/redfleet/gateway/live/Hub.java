package io.redfleet.gateway.live;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;

/**
 * Hands every event to every listener that wants it.
 *
 * <p>The bus's one reading thread calls {@link #happened} and is never held up. A listener that comes back with a
 * vector first gets what it missed, read from the bus by a {@link Past} of its own, then what happened meanwhile,
 * then the present, without gap or repeat.
 */
public final class Hub {
    /** One thread and one connection each. */
    static final int LISTENERS = 200;
    /** Each replay is one more reader of the bus, with its buffers. */
    static final int REPLAYS = 4;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Past past;
    private final Semaphore replays = new Semaphore(REPLAYS);
    private final List<Feed> feeds = new CopyOnWriteArrayList<>();
    private Vector now = Vector.ORIGIN; // guarded by this: joining and happening must not cross

    public Hub(Past past) {
        this.past = past;
    }

    /** Reads events that happened before. */
    public interface Past {
        /**
         * Hands over the events from one place up to another, in offset order per partition; returns when all are
         * handed over, or the sink wants no more, or the bus does not answer in time (false).
         */
        boolean read(Vector from, Vector to, Sink sink) throws InterruptedException;
    }

    /** Takes events of the past. */
    public interface Sink {
        /** Whether it wants more. */
        boolean take(Happening happening) throws InterruptedException;
    }

    /** Where the bus's reader stood when it began; events may have come already. */
    public synchronized void begin(Vector here) {
        for (var entry : here.next().entrySet()) {
            now = now.past(entry.getKey(), entry.getValue() - 1);
        }
    }

    public synchronized void happened(Happening happening) {
        now = now.past(happening.partition(), happening.offset());
        feeds.forEach(feed -> feed.offer(happening));
    }

    /** A listener from now on; empty when there are too many. */
    public synchronized Optional<Feed> join(Predicate<Happening> wanted) {
        return add(new Feed(wanted, now, false));
    }

    /** A listener that comes back. {@link #replay} has to be called next, on a thread that may wait. */
    public synchronized Optional<Return> rejoin(Predicate<Happening> wanted, Vector from) {
        Vector since = from;
        for (var entry : now.next().entrySet()) {
            // A partition it has never heard of starts now; one from another life of the topic ends now.
            long mine = from.next().getOrDefault(entry.getKey(), entry.getValue());
            since = since.at(entry.getKey(), Math.min(mine, entry.getValue()));
        }
        Vector start = since;
        if (!replays.tryAcquire()) {
            return Optional.empty();
        }
        Optional<Feed> feed = add(new Feed(wanted, start, true));
        if (feed.isEmpty()) {
            replays.release();
        }
        return feed.map(joined -> new Return(joined, start, now));
    }

    /**
     * A listener that still lacks what lies between two places.
     *
     * @param feed its queue, to be taken from while the replay goes on
     */
    public record Return(Feed feed, Vector from, Vector to) {}

    /** Brings what a returning listener missed. Blocks while it does. */
    public void replay(Return back) throws InterruptedException {
        try {
            if (past.read(back.from(), back.to(), happening -> back.feed().replay(happening, PATIENCE))) {
                back.feed().replayed();
            } else {
                back.feed().end("The bus did not give back the past: come back with the last id");
            }
        } finally {
            replays.release();
        }
    }

    public void leave(Feed feed) {
        feed.end("left");
        feeds.remove(feed);
    }

    public int listeners() {
        return feeds.size();
    }

    private Optional<Feed> add(Feed feed) {
        if (feeds.size() >= LISTENERS) {
            return Optional.empty();
        }
        feeds.add(feed);
        return Optional.of(feed);
    }
}
