package io.redfleet.bus.outbox;

import io.redfleet.bus.codec.BusMessage;
import io.redfleet.contracts.wire.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One append-only file and one sender. A record is durable against the death of this process as soon as {@link #append}
 * returns; what was not acknowledged when the process died is sent first by the next one, in the old order.
 *
 * <p>Records are sent in the order of the calls. A send that fails stops the sending; once nothing is under way any more,
 * everything unacknowledged is sent again from the oldest on, for ever. What had arrived all the same arrives twice, under
 * the same id.
 *
 * <p>The file is emptied whenever everything in it has been acknowledged. It may grow to {@code maxBytes}; beyond that
 * observations are refused and counted, so that facts find room up to twice the size. What waits is also held in memory.
 */
public final class Outbox implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final OutboxFile file;
    private final long maxBytes;
    private final Function<BusMessage, CompletionStage<Position>> sender;
    private final ScheduledThreadPoolExecutor clock;
    private final Deque<Entry> waiting = new ArrayDeque<>(); // guarded by this; bounded with the file
    private int underWay; // guarded by this
    private boolean failing; // guarded by this
    private long dropped; // guarded by this
    private boolean closed; // guarded by this

    /** What is given up first when the broker stays away. */
    public enum Weight {
        /** Can be seen again, or matters little later. */
        OBSERVATION,
        /** Happens once and is never seen again. */
        FACT
    }

    private record Entry(BusMessage message, CompletableFuture<Position> acknowledged) {}

    private Outbox(OutboxFile file, long maxBytes, Function<BusMessage, CompletionStage<Position>> sender) {
        this.file = file;
        this.maxBytes = maxBytes;
        this.sender = sender;
        this.clock = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("outbox-again").factory());
        clock.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * Opens the file and sends what an earlier process left in it.
     *
     * @throws IOException the file cannot be opened, or another process holds it
     */
    public static Outbox open(Path path, long maxBytes, Function<BusMessage, CompletionStage<Position>> sender)
            throws IOException {
        OutboxFile file = OutboxFile.open(path);
        Outbox outbox = new Outbox(file, maxBytes, sender);
        List<BusMessage> left = file.left();
        synchronized (outbox) {
            if (left.isEmpty()) {
                file.empty();
            }
            left.forEach(message -> outbox.waiting.add(new Entry(message, new CompletableFuture<>())));
            outbox.sendAll();
        }
        return outbox;
    }

    /**
     * Makes the record durable and hands it to the sender.
     *
     * @return completes when the broker has it; fails with {@link OutboxFull} at once when it was given up
     */
    public synchronized CompletionStage<Position> append(BusMessage message, Weight weight) {
        long room = weight == Weight.FACT ? 2 * maxBytes : maxBytes;
        if (closed || file.size() > room) {
            dropped++;
            return CompletableFuture.failedStage(
                    new OutboxFull(closed ? "closed" : "more than " + room + " bytes wait"));
        }
        try {
            file.append(message);
        } catch (IOException e) {
            // The disk is full or gone: sent all the same, only not safe against our own death.
            dropped++;
        }
        Entry entry = new Entry(message, new CompletableFuture<>());
        waiting.add(entry);
        if (!failing) {
            send(entry);
        }
        return entry.acknowledged().minimalCompletionStage();
    }

    /** Completes once every record that waits now and is meant has been acknowledged or withdrawn. */
    public synchronized CompletionStage<Void> settled(Predicate<BusMessage> meant) {
        return CompletableFuture.allOf(waiting.stream()
                .filter(entry -> meant.test(entry.message()))
                .map(entry -> entry.acknowledged().exceptionally(withdrawn -> null))
                .toArray(CompletableFuture<?>[]::new));
    }

    /** How many records were refused or could not be made durable since the last call. */
    public synchronized long takeDropped() {
        long count = dropped;
        dropped = 0;
        return count;
    }

    /** How many records the broker has not acknowledged. */
    public synchronized long pending() {
        return waiting.size();
    }

    /** Leaves what is unacknowledged in the file. */
    @Override
    public synchronized void close() {
        closed = true;
        clock.shutdownNow();
        file.close();
    }

    private synchronized void sendAll() {
        failing = false;
        for (Entry entry : List.copyOf(waiting)) {
            send(entry);
        }
    }

    private synchronized void send(Entry entry) {
        underWay++;
        try {
            var unused =
                    sender.apply(entry.message()).whenComplete((position, failure) -> ended(entry, position, failure));
        } catch (RejectedExecutionException e) {
            ended(entry, null, e);
        }
    }

    /** @param position null when the send failed */
    private void ended(Entry entry, @Nullable Position position, @Nullable Throwable failure) {
        boolean withdrawn =
                failure instanceof Withdrawn || (failure != null && failure.getCause() instanceof Withdrawn);
        synchronized (this) {
            underWay--;
            if (position != null || withdrawn) {
                waiting.remove(entry);
            } else {
                failing = true;
            }
            if (waiting.isEmpty() && !closed) {
                file.empty();
            }
            if (failing && underWay == 0 && !closed) {
                var unused = clock.schedule(this::sendAll, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
        if (position != null) {
            entry.acknowledged().complete(position);
        } else if (withdrawn) {
            entry.acknowledged().completeExceptionally(new Withdrawn());
        }
    }

    /** A sender's answer when a record is not to be sent any more, by anyone: it is forgotten. */
    public static final class Withdrawn extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Withdrawn() {
            super("another process speaks for this partition now");
        }
    }

    /** The record was given up: the broker has been away for too long, or the process ends. */
    public static final class OutboxFull extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OutboxFull(String reason) {
            super(reason);
        }
    }
}
