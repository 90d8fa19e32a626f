package io.redfleet.gateway.edge.rest;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.bus.replay.Follower;
import io.redfleet.bus.replay.Start;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Position;
import io.redfleet.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.eclipse.microprofile.config.ConfigProvider;

/** The other services, played by the test on the real bus: it reads orders and writes outcomes and state. */
final class Stage implements AutoCloseable {
    /** Names the file of the broker's administrator: who plays every service has everybody's rights. */
    static final String ADMIN = "stage.kafka-client";

    private final BusProducer producer;
    private final Follower orders;
    private final List<Order> seen = new CopyOnWriteArrayList<>();
    private volatile Function<Order, Optional<Outcome>> part = order -> Optional.empty();

    Stage() {
        BusSettings settings = bus("stage");
        producer = new BusProducer(settings, Duration.ofSeconds(10));
        orders = Follower.of(settings, List.of(Topic.COMMANDS), new Start.End(), this::order);
        join(orders.caughtUp());
    }

    /** How orders are answered from now on; empty: not at all. */
    void plays(Function<Order, Optional<Outcome>> next) {
        part = next;
    }

    /** Refuses, accepts or answers every order at once, having written nothing. */
    void answers(Function<Order, Outcome.Result> result) {
        plays(order -> Optional.of(outcome(order, result.apply(order), List.of())));
    }

    Outcome outcome(Order order, Outcome.Result result, List<Position> positions) {
        return new Outcome(order.id(), order.cluster(), Instant.now(), result, positions);
    }

    List<Order> orders() {
        return seen;
    }

    Position write(Topic topic, String key, Object record) {
        return send(BusMessage.of(topic, key, record));
    }

    Position write(ClusterState cluster) {
        return write(Topic.CLUSTERS, cluster.name().value(), cluster);
    }

    Position send(BusMessage message) {
        return join(producer.send(message));
    }

    /** Reads a topic from its beginning; what another test has written there to be unreadable is passed over. */
    Follower follow(Topic topic, Reader reader) {
        BusSettings settings = bus("stage-" + topic);
        return Follower.of(settings, List.of(topic), new Start.Beginning(), record -> {
            try {
                reader.read(record);
            } catch (Unreadable poison) {
                // Not this test's.
            }
        });
    }

    /** What is done with a record. */
    interface Reader {
        void read(BusRecord record) throws Unreadable;
    }

    static BusSettings bus(String instance) {
        return BusSettings.of(setting("redfleet.bootstrap"), instance, Path.of(setting(ADMIN)));
    }

    static String setting(String name) {
        return ConfigProvider.getConfig().getValue(name, String.class);
    }

    /** The first admin token, as soon as the gateway has made it. */
    static String adminToken() {
        Path file = Path.of(setting("redfleet.home"), "credentials", "admin-token");
        Await.until("the first token", Duration.ofSeconds(30), () -> Files.exists(file));
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void order(BusRecord record) {
        try {
            Order order = record.as(Order.class);
            seen.add(order);
            part.apply(order)
                    .ifPresent(outcome -> producer.send(
                            BusMessage.of(Topic.OUTCOMES, order.cluster().value() + "/" + order.id(), outcome)));
        } catch (Unreadable e) {
            throw new AssertionError(e);
        }
    }

    private static <T> T join(java.util.concurrent.CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        orders.close();
        producer.close();
    }
}
