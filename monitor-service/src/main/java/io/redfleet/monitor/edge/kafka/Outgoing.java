package io.redfleet.monitor.edge.kafka;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.outbox.Outbox;
import io.redfleet.bus.topics.ClusterPartitioner;
import io.redfleet.contracts.wire.Position;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Everything that leaves this process for the bus: facts by way of a file, the rest of the moment by a producer that gives
 * up early. Each is sent by one thread of its own, in the order of the calls, and only while {@link Tenure} lets it go.
 */
public final class Outgoing implements AutoCloseable {
    /** Facts wait for a broker that is away for up to a day; then their outbox still holds them for the next start. */
    private static final Duration FACTS_DELIVERY = Duration.ofHours(24);

    private static final Duration PRESENT_DELIVERY = Duration.ofSeconds(5);

    /** More than a minute of everything a thousand clusters have to say at once; beyond that records are refused. */
    private static final int SENDER_QUEUE = 20_000;

    private final ThreadPoolExecutor factSender = sender("facts");
    private final ThreadPoolExecutor presentSender = sender("present");
    private final BusProducer facts;
    private final BusProducer present;
    private final Tenure tenure;
    private final Precedence precedence; // only touched by the facts' thread
    private final Outbox outbox;

    /** What an earlier process of this name left in the file waits until it is known whether it may still be told. */
    public Outgoing(BusSettings settings, Tenure tenure, Path file, long maxBytes) {
        this.facts = new BusProducer(settings, FACTS_DELIVERY);
        this.present = new BusProducer(settings, PRESENT_DELIVERY);
        this.tenure = tenure;
        this.precedence = new Precedence(tenure::of);
        try {
            this.outbox = Outbox.open(file, maxBytes, this::sendFact);
        } catch (IOException e) {
            throw new UncheckedIOException("the outbox " + file + " cannot be opened", e);
        }
    }

    public Outbox outbox() {
        return outbox;
    }

    public BusProducer facts() {
        return facts;
    }

    public BusProducer present() {
        return present;
    }

    public Tenure tenure() {
        return tenure;
    }

    /** One thread that may block; bounded, and refuses what is too much. */
    public Executor sender() {
        return presentSender;
    }

    /** Completes once what waits now for this partition is on the bus, or is not going to be. */
    CompletionStage<Void> settled(int partition) {
        return outbox.settled(message -> ClusterPartitioner.partition(message.key()) == partition);
    }

    @Override
    public void close() {
        outbox.close();
        factSender.shutdownNow();
        presentSender.shutdownNow();
        present.close();
        facts.close();
    }

    /** Sending may block while nothing is known of the topic: on a thread of its own, in the order of the calls. */
    private CompletionStage<Position> sendFact(BusMessage message) {
        CompletableFuture<Position> sent = new CompletableFuture<>();
        try {
            factSender.execute(() -> {
                switch (precedence.of(message)) {
                    case GOES -> forward(facts.send(message), sent);
                    case WAITS -> sent.completeExceptionally(new IllegalStateException("it is not certain who speaks"));
                    case VOID -> sent.completeExceptionally(new Outbox.Withdrawn());
                }
            });
        } catch (RejectedExecutionException e) {
            sent.completeExceptionally(e);
        }
        return sent;
    }

    static void forward(CompletionStage<Position> from, CompletableFuture<Position> to) {
        from.whenComplete((position, failure) -> {
            if (failure == null) {
                to.complete(position);
            } else {
                to.completeExceptionally(failure);
            }
        });
    }

    private static ThreadPoolExecutor sender(String name) {
        return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(SENDER_QUEUE), task -> {
            Thread thread = new Thread(task, "send-" + name);
            thread.setDaemon(true);
            return thread;
        });
    }
}
