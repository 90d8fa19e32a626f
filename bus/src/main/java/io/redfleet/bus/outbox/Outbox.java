package io.redfleet.bus.outbox;

import io.redfleet.bus.codec.BusMessage;
import io.redfleet.contracts.wire.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.common.errors.RecordTooLargeException;
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
 *
 * <p>What a full disk does not take is counted and sent all the same, and is written as soon as there is room, in the old
 * order; until then it would be lost with this process. It counts towards the size like what is in the file.
 */
public final class Outbox implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final OutboxFile file;
    private final long maxBytes;
    private final Function<BusMessage, CompletionStage<Position>> sender;
    private final ScheduledThreadPoolExecutor clock;
    private final Deque<Entry> waiting = new ArrayDeque<>(); // guarded by this; bounded with the file
    private final Deque<Unsaved> unsaved = new ArrayDeque<>(); // guarded by this; those of waiting that the file lacks
    private long unsavedBytes; // guarded by this
    private boolean savingAgain; // guarded by this
    private int underWay; // guarded by this
    private boolean failing; // guarded by this
    private long dropped; // guarded by this
    private long unsafe; // guarded by this
    private boolean closed; // guarded by this

    /** What is given up first when the broker stays away. */
    public enum Weight {
        /** Can be seen again, or matters little later. */
        OBSERVATION,
        /** Happens once and is never seen again. */
        FACT
    }

    private record Entry(BusMessage message, CompletableFuture<Position> acknowledged) {
        static Entry of(BusMessage message) {
            return new Entry(message, new CompletableFuture<>());
        }
    }

    /** @param bytes as the file will hold it; empty when it cannot */
    private record Unsaved(Entry entry, ByteBuffer bytes) {}

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
            left.forEach(message -> outbox.waiting.add(Entry.of(message)));
            outbox.sendAll();
        }
        return outbox;
    }

    /**
     * Makes the record durable and hands it to the sender.
     *
     * @return completes when the broker has it; fails with {@link OutboxFull} at once when it was given up, and later if it
     *     is longer than any record may be
     */
    public synchronized CompletionStage<Position> append(BusMessage message, Weight weight) {
        long room = weight == Weight.FACT ? 2 * maxBytes : maxBytes;
        if (closed || file.size() + unsavedBytes > room) {
            dropped++;
            return CompletableFuture.failedStage(
                    new OutboxFull(closed ? "closed" : "more than " + room + " bytes wait"));
        }
        Entry entry = Entry.of(message);
        waiting.add(entry);
        Unsaved own = new Unsaved(entry, OutboxFile.entry(message));
        unsaved.add(own);
        unsavedBytes += own.bytes().remaining();
        save();
        if (!own.bytes().hasRemaining() || own.equals(unsaved.peekLast())) {
            unsafe++;
        }
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

    /** How many records were refused since the last call: nobody will hear of them. */
    public synchronized long takeDropped() {
        long count = dropped;
        dropped = 0;
        return count;
    }

    /** How many records were taken since the last call though they could not be made durable. */
    public synchronized long takeUnsafe() {
        long count = unsafe;
        unsafe = 0;
        return count;
    }

    /** How many of those that wait would be lost with this process. */
    public synchronized long unsaved() {
        return unsaved.size();
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

    /** In the order of the calls; stops at the first that finds no room. */
    private void save() {
        try {
            for (Unsaved next = unsaved.peek(); next != null; next = unsaved.peek()) {
                file.append(next.bytes());
                unsavedBytes -= next.bytes().remaining();
                unsaved.remove();
            }
        } catch (IOException e) {
            // The disk is full or gone.
            if (!savingAgain && !closed) {
                savingAgain = true;
                var unused = clock.schedule(this::saveAgain, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    private synchronized void saveAgain() {
        savingAgain = false;
        if (!closed) {
            save();
        }
    }

    private void forgetUnsaved(Entry entry) {
        for (Iterator<Unsaved> each = unsaved.iterator(); each.hasNext(); ) {
            Unsaved next = each.next();
            if (next.entry().equals(entry)) {
                unsavedBytes -= next.bytes().remaining();
                each.remove();
                return;
            }
        }
    }

    private synchronized void sendAll() {
        failing = false;
        // The round itself is under way: sends that fail at once must not each ask for the next one.
        underWay++;
        for (Entry entry : List.copyOf(waiting)) {
            send(entry);
        }
        underWay--;
        sendAgainIfDue();
    }

    /** Once for each time that the last send under way comes to its end. */
    private void sendAgainIfDue() {
        if (failing && underWay == 0 && !closed) {
            var unused = clock.schedule(this::sendAll, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
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
        // No broker will ever take it, and all behind it would wait for ever.
        boolean never = failure instanceof RecordTooLargeException
                || (failure != null && failure.getCause() instanceof RecordTooLargeException);
        synchronized (this) {
            underWay--;
            if (position != null || withdrawn || never) {
                waiting.remove(entry);
                forgetUnsaved(entry);
                dropped += never ? 1 : 0;
            } else {
                failing = true;
            }
            if (waiting.isEmpty() && !closed) {
                file.empty();
            }
            sendAgainIfDue();
        }
        if (position != null) {
            entry.acknowledged().complete(position);
        } else if (withdrawn) {
            entry.acknowledged().completeExceptionally(new Withdrawn());
        } else if (never) {
            entry.acknowledged().completeExceptionally(new OutboxFull("longer than any record may be"));
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
