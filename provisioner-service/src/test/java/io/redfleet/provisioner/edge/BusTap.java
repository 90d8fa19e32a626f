package io.redfleet.provisioner.edge;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.bus.replay.Follower;
import io.redfleet.bus.replay.Start;
import io.redfleet.bus.topics.Topic;
import io.redfleet.bus.topics.TopicAdmin;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.event.EventTypes;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.TestBroker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.admin.Admin;

/** Gives orders on a real bus as the gateway does, and hears what comes of them. */
final class BusTap implements AutoCloseable {
    private static final List<String> ENDS = List.of("operation.succeeded", "operation.failed", "operation.cancelled");

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);

    private final ClusterName cluster;
    private final BusProducer producer;
    private final Follower follower;
    private final List<BusRecord> heard = new CopyOnWriteArrayList<>();
    private final List<Order> sent = new ArrayList<>();
    private int commands;

    BusTap(TestBroker broker, ClusterName cluster) {
        this.cluster = cluster;
        BusSettings settings = new BusSettings(broker.bootstrap(), "tap-" + cluster, broker.admin());
        try (Admin admin = Admin.create(settings.common())) {
            new TopicAdmin(admin, Duration.ofSeconds(20)).create();
        }
        this.producer = new BusProducer(settings, Duration.ofSeconds(10));
        this.follower = Follower.of(
                settings,
                List.of(Topic.OUTCOMES, Topic.CLUSTERS, Topic.OPERATIONS, Topic.EVENTS, Topic.HOSTS, Topic.SECRETS),
                new Start.Beginning(),
                heard::add);
    }

    Outcome.Result order(Request request) {
        CommandId id = new CommandId("c" + commands++ + "-" + System.nanoTime());
        Instant now = Instant.now();
        Order order = new Order(id, cluster, new Actor("alice", "t1"), now, now.plusSeconds(60), request);
        sent.add(order);
        send(BusMessage.of(Topic.COMMANDS, cluster.value(), order));
        return outcome(id);
    }

    /** Sends every order so far again, as a crash of a reader would. */
    void repeat() {
        sent.forEach(order -> send(BusMessage.of(Topic.COMMANDS, cluster.value(), order)));
    }

    Outcome.Result outcome(CommandId id) {
        Await.until(
                "an outcome of " + id,
                ANSWER_WITHIN,
                () -> find(Topic.OUTCOMES, cluster + "/" + id).isPresent());
        return read(find(Topic.OUTCOMES, cluster + "/" + id).orElseThrow(), Outcome.class)
                .result();
    }

    void ask(Remediation remediation) {
        send(BusMessage.of(Topic.REMEDIATIONS, cluster.value(), remediation));
    }

    /** The brake, as the monitor writes it. */
    void brake(boolean disarmed) {
        FleetBrake brake = new FleetBrake(
                FleetBrake.SCHEMA, disarmed, "drill", new Actor("alice", "t1"), Instant.now(), commands++);
        send(BusMessage.of(Topic.HEALTH, ClusterName.FLEET.value(), brake));
    }

    Problem refused(Request request) {
        return ((Outcome.Refused) order(request)).problem();
    }

    /** Waits until the accepted operation is over. */
    OperationState operation(Request request) {
        return ended(((Outcome.Accepted) order(request)).operation());
    }

    OperationState ended(OperationId id) {
        String key = cluster + "/" + id;
        Await.until(
                "the end of " + id,
                Duration.ofSeconds(90),
                () -> find(Topic.OPERATIONS, key)
                        .map(record ->
                                read(record, OperationState.class).status().done())
                        .orElse(false));
        // Told before it was recorded; on another topic, and so perhaps read after it.
        Await.until(
                "what was told of " + id,
                Duration.ofSeconds(10),
                () -> ENDS.stream()
                        .flatMap(type -> events(type).stream())
                        .anyMatch(fact -> fact.about().correlation().equals(id.value())));
        return read(find(Topic.OPERATIONS, key).orElseThrow(), OperationState.class);
    }

    Optional<ClusterState> cluster() {
        return find(Topic.CLUSTERS, cluster.value())
                .filter(record -> !record.isTombstone())
                .map(record -> read(record, ClusterState.class));
    }

    boolean clusterIsGone() {
        return find(Topic.CLUSTERS, cluster.value()).map(BusRecord::isTombstone).orElse(false);
    }

    /** Events of a type, as {@code restart.performed}, in the order of the bus. */
    List<Fact> events(String type) {
        return heard.stream()
                .filter(record -> record.topic() == Topic.EVENTS)
                .map(BusTap::fact)
                .flatMap(Optional::stream)
                .filter(fact -> EventTypes.shortName(fact.event().getClass()).equals(type))
                .toList();
    }

    <T> List<T> all(Topic topic, Class<T> type) {
        return heard.stream()
                .filter(record -> record.topic() == topic && !record.isTombstone())
                .map(record -> read(record, type))
                .toList();
    }

    @Override
    public void close() {
        follower.close();
        producer.close();
    }

    private void send(BusMessage message) {
        producer.send(message).toCompletableFuture().join();
    }

    private Optional<BusRecord> find(Topic topic, String key) {
        return heard.stream()
                .filter(record -> record.topic() == topic && record.key().equals(key))
                .reduce((earlier, later) -> later);
    }

    private static Optional<Fact> fact(BusRecord record) {
        try {
            return record.event().fact();
        } catch (Unreadable e) {
            throw new AssertionError(e);
        }
    }

    private static <T> T read(BusRecord record, Class<T> type) {
        try {
            return record.as(type);
        } catch (Unreadable e) {
            throw new AssertionError(e);
        }
    }
}
