package io.redfleet.alert.edge.kafka;

import io.redfleet.alert.edge.store.BusAway;
import io.redfleet.alert.edge.store.OutboxRows.Waiting;
import io.redfleet.alert.edge.store.Schema;
import io.redfleet.alert.edge.store.Store;
import io.redfleet.alert.edge.store.StoreLoop;
import io.redfleet.bus.BusProducer;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.codec.Codec;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Position;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends what waits in the outbox table and deletes it once the broker has all of it. After a crash in between it is sent
 * again, in the same order, under the same ids.
 *
 * <p>An outcome is sent after the states of its bundle are acknowledged, and names their positions.
 */
public final class OutboxSender implements StoreLoop.Step {
    /** Longer than the producer's own delivery time, so that it is the producer who gives up first. */
    private static final Duration ACKED_WITHIN = Duration.ofSeconds(12);

    private final Store store;
    private final Schema schema;
    private final BusProducer producer;
    private final InstantSource clock;

    public OutboxSender(BusReader.Books books, BusProducer producer, InstantSource clock) {
        this.store = books.store();
        this.schema = books.schema();
        this.producer = producer;
        this.clock = clock;
    }

    @Override
    public boolean run() throws InterruptedException {
        schema.ready();
        Attempt attempt = new Attempt();
        boolean more = store.inTransaction(tx -> {
            List<Waiting> waiting = tx.outbox().oldest();
            if (waiting.isEmpty()) {
                return false;
            }
            attempt.send(waiting);
            if (attempt.interrupted) {
                return false;
            }
            tx.outbox().sent(waiting);
            return true;
        });
        if (attempt.interrupted) {
            throw new InterruptedException();
        }
        return more;
    }

    private final class Attempt {
        private boolean interrupted;

        void send(List<Waiting> waiting) {
            List<CompletableFuture<Position>> sent = new ArrayList<>();
            Map<Long, List<CompletableFuture<Position>>> states = new HashMap<>();
            for (Waiting one : waiting) {
                BusMessage message = one.message();
                if (message.topic() == Topic.OUTCOMES) {
                    message = withPositions(message, await(states.getOrDefault(one.bundle(), List.of())));
                }
                CompletableFuture<Position> acked = producer.send(message).toCompletableFuture();
                sent.add(acked);
                if (message.topic() == Topic.ALERTS) {
                    states.computeIfAbsent(one.bundle(), bundle -> new ArrayList<>())
                            .add(acked);
                }
            }
            await(sent);
        }

        private List<Position> await(List<CompletableFuture<Position>> sent) {
            List<Position> positions = new ArrayList<>();
            try {
                for (CompletableFuture<Position> one : sent) {
                    positions.add(one.get(ACKED_WITHIN.toMillis(), TimeUnit.MILLISECONDS));
                }
            } catch (ExecutionException | TimeoutException e) {
                throw new BusAway("the broker did not take what was sent", e);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            return positions;
        }

        private BusMessage withPositions(BusMessage message, List<Position> positions) {
            try {
                Outcome outcome = Codec.read(Objects.requireNonNull(message.value()), Outcome.class);
                return BusMessage.of(
                        Topic.OUTCOMES,
                        message.key(),
                        new Outcome(
                                outcome.command(), outcome.cluster(), clock.instant(), outcome.result(), positions));
            } catch (Unreadable e) {
                throw new IllegalStateException("an outcome in the outbox cannot be read", e);
            }
        }
    }
}
