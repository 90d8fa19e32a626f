package io.redfleet.bus.outbox;

import io.redfleet.bus.codec.BusMessage;
import io.redfleet.contracts.wire.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * One append-only file and one sender. A record is durable against the death of this process as soon as {@link #append}
 * returns; what was not acknowledged when the process died is sent first by the next one, in the old order.
 *
 * <p>The file is emptied whenever everything in it has been acknowledged. It may grow to {@code maxBytes}; beyond that
 * observations are refused and counted, so that facts find room up to twice the size. The sender must keep order and retry
 * by itself (a producer with a long delivery time does both).
 */
public final class Outbox implements AutoCloseable {
    private final OutboxFile file;
    private final long maxBytes;
    private final Function<BusMessage, CompletionStage<Position>> sender;
    private long pending; // guarded by this
    private long dropped; // guarded by this
    private boolean closed; // guarded by this

    /** What is given up first when the broker stays away. */
    public enum Weight {
        /** Can be seen again, or matters little later. */
        OBSERVATION,
        /** Happens once and is never seen again. */
        FACT
    }

    private Outbox(OutboxFile file, long maxBytes, Function<BusMessage, CompletionStage<Position>> sender) {
        this.file = file;
        this.maxBytes = maxBytes;
        this.sender = sender;
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
            outbox.pending = left.size();
            left.forEach(outbox::send);
            if (left.isEmpty()) {
                file.empty();
            }
        }
        return outbox;
    }

    /**
     * Makes the record durable and hands it to the sender. Records are sent in the order of the calls.
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
        pending++;
        return send(message);
    }

    /** How many records were refused or could not be made durable since the last call. */
    public synchronized long takeDropped() {
        long count = dropped;
        dropped = 0;
        return count;
    }

    /** How many records the broker has not acknowledged. */
    public synchronized long pending() {
        return pending;
    }

    /** Leaves what is unacknowledged in the file. */
    @Override
    public synchronized void close() {
        closed = true;
        file.close();
    }

    private CompletionStage<Position> send(BusMessage message) {
        return sender.apply(message).whenComplete((position, failure) -> {
            if (failure == null) {
                acknowledged();
            }
        });
    }

    private synchronized void acknowledged() {
        pending--;
        if (pending == 0 && !closed) {
            file.empty();
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
