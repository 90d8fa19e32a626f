package io.redfleet.bus.replay;

import io.redfleet.contracts.wire.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * How far a reader has come, and who waits for it to come further. Written by the reading thread, asked by any; the one
 * lock closes the race between a wait that begins and the record it waits for.
 */
final class Progress {
    private final Map<TopicPartition, Long> next = new HashMap<>(); // guarded by this
    private final Map<TopicPartition, Long> ends = new HashMap<>(); // guarded by this: what "caught up" still lacks
    private final List<Waiter> waiters = new ArrayList<>(); // guarded by this; one per HTTP write under way
    private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
    private @Nullable RuntimeException failure; // guarded by this

    private record Waiter(Map<TopicPartition, Long> wanted, CompletableFuture<Void> done) {}

    synchronized void expect(TopicPartition partition, long start, long end) {
        next.put(partition, start);
        if (start < end) {
            ends.put(partition, end);
        }
    }

    synchronized void advanced(TopicPartition partition, long nextOffset) {
        next.merge(partition, nextOffset, Math::max);
    }

    /** Completes what has been reached. For the reading thread, after each round; never before the ends are known. */
    void check() {
        List<CompletableFuture<Void>> done = new ArrayList<>();
        synchronized (this) {
            ends.entrySet().removeIf(end -> reached(end.getKey(), end.getValue()));
            if (ends.isEmpty()) {
                done.add(caughtUp);
            }
            waiters.removeIf(waiter -> {
                boolean over = waiter.done().isDone()
                        || waiter.wanted().entrySet().stream()
                                .allMatch(want -> reached(want.getKey(), want.getValue()));
                if (over) {
                    done.add(waiter.done());
                }
                return over;
            });
        }
        done.forEach(future -> future.complete(null));
    }

    CompletionStage<Void> caughtUp() {
        return caughtUp.minimalCompletionStage();
    }

    CompletionStage<Void> passed(List<Position> positions, Duration deadline) {
        Map<TopicPartition, Long> wanted = new HashMap<>();
        for (Position position : positions) {
            wanted.merge(new TopicPartition(position.topic(), position.partition()), position.offset() + 1, Math::max);
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        synchronized (this) {
            if (failure != null) {
                done.completeExceptionally(failure);
            } else if (wanted.entrySet().stream().allMatch(want -> reached(want.getKey(), want.getValue()))) {
                done.complete(null);
            } else {
                waiters.add(new Waiter(wanted, done));
            }
        }
        return done.orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS).minimalCompletionStage();
    }

    synchronized Map<Integer, Long> nextOffsets(String topic) {
        Map<Integer, Long> offsets = new HashMap<>();
        next.forEach((partition, offset) -> {
            if (partition.topic().equals(topic)) {
                offsets.put(partition.partition(), offset);
            }
        });
        return offsets;
    }

    /** The reader has ended: nobody waits in vain. */
    void fail(RuntimeException cause) {
        List<CompletableFuture<Void>> over = new ArrayList<>();
        synchronized (this) {
            if (failure == null) {
                failure = cause;
            }
            waiters.forEach(waiter -> over.add(waiter.done()));
            waiters.clear();
        }
        over.add(caughtUp);
        over.forEach(future -> future.completeExceptionally(cause));
    }

    private boolean reached(TopicPartition partition, long offset) {
        return next.getOrDefault(partition, 0L) >= offset;
    }
}
