package io.redfleet.gateway.live;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One listener's queue.
 *
 * <p>It starts either at once, or after a replay: then what happens meanwhile is held back, and {@link #replayed}
 * puts it behind the replayed events. What both bring is sent once. Any thread may offer; one thread takes.
 */
public final class Feed {
    /** A listener that is this far behind is not reading: at 1 KiB an event, 1 MiB a listener. */
    static final int QUEUE = 1_000;
    /** What may happen during a replay before it is given up: at 1 KiB an event, 5 MiB for each of a few replays. */
    static final int HELD = 5_000;

    private final Predicate<Happening> wanted;
    private final ReentrantLock lock = new ReentrantLock(); // closes the race between a take that waits and an offer
    private final Condition changed = lock.newCondition();
    private final Deque<Frame> queue = new ArrayDeque<>(); // guarded by lock
    private final Deque<Happening> held = new ArrayDeque<>(); // guarded by lock
    private boolean replaying; // guarded by lock
    private Vector seen; // guarded by lock: all that was offered up to here is in the queue or unwanted
    private @Nullable String over; // guarded by lock: why it ended

    /**
     * @param from where the listener stands
     * @param replaying whether what lies between there and now is still to be brought by {@link #replay}
     */
    Feed(Predicate<Happening> wanted, Vector from, boolean replaying) {
        this.wanted = wanted;
        this.seen = from;
        this.replaying = replaying;
    }

    /** It happened now. Never waits: a full queue ends the feed. */
    void offer(Happening happening) {
        lock.lock();
        try {
            if (over != null) {
                return;
            }
            if (replaying) {
                held.add(happening);
                if (held.size() > HELD) {
                    finish("Too much happened during the replay: come back with the last id");
                }
            } else if (!append(happening)) {
                finish("This listener reads too slowly: come back with the last id");
            }
        } finally {
            lock.unlock();
        }
    }

    /** It happened before. Waits for room; false when the feed is over, or the listener takes nothing for that long. */
    boolean replay(Happening happening, Duration patience) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = patience.toNanos();
            while (over == null && queue.size() >= QUEUE) {
                if (left <= 0) {
                    finish("This listener reads too slowly: come back with the last id");
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return over == null && append(happening);
        } finally {
            lock.unlock();
        }
    }

    /** The replay has brought all up to the moment at which this feed began to hold back. */
    void replayed() {
        lock.lock();
        try {
            replaying = false;
            for (Happening happening; over == null && (happening = held.poll()) != null; ) {
                // The queue may grow by what was held: bounded by HELD, and it was counted there already.
                append(happening, QUEUE + HELD);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends it: what is queued is dropped, the listener learns why. */
    public void end(String reason) {
        lock.lock();
        try {
            finish(reason);
        } finally {
            lock.unlock();
        }
    }

    public boolean ended() {
        lock.lock();
        try {
            return over != null;
        } finally {
            lock.unlock();
        }
    }

    /** The next frame; a heartbeat when there is none for that long. */
    public Frame next(Duration heartbeat) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = heartbeat.toNanos();
            while (true) {
                if (over != null) {
                    return new Frame.End(over);
                }
                Frame frame = queue.poll();
                if (frame != null) {
                    changed.signalAll();
                    return frame;
                }
                if (left <= 0) {
                    return new Frame.Heartbeat(seen);
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean append(Happening happening) {
        return append(happening, QUEUE);
    }

    private boolean append(Happening happening, int room) {
        if (seen.includes(happening.partition(), happening.offset())) {
            return true;
        }
        seen = seen.past(happening.partition(), happening.offset());
        if (wanted.test(happening)) {
            if (queue.size() >= room) {
                return false;
            }
            queue.add(new Frame.Event(seen, happening));
            changed.signalAll();
        }
        return true;
    }

    private void finish(String reason) {
        if (over == null) {
            over = reason;
            queue.clear();
            held.clear();
            changed.signalAll();
        }
    }
}
