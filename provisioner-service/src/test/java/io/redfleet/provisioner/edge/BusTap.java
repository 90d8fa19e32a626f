package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;

/** Gives orders on a real bus as the gateway does, and hears what comes of them. */
final class BusTap implements AutoCloseable {
    private static final List<String> ENDS = List.of("operation.succeeded", "operation.failed", "operation.cancelled");

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);

    private final ClusterName cluster;
    private final BusSettings settings;
    private final BusProducer producer;
    private final Follower follower;
    private final List<BusRecord> heard = new CopyOnWriteArrayList<>();
    private final List<Order> sent = new ArrayList<>();
    private int commands;

    BusTap(TestBroker broker, ClusterName cluster) {
        this.cluster = cluster;
        this.settings = new BusSettings(broker.bootstrap(), "tap-" + cluster, broker.admin());
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

    /** Of an order that waits for its turn. */
    Outcome.Result order(Request request) {
        CommandId id = new CommandId("c" + commands++ + "-" + System.nanoTime());
        Instant now = Instant.now();
        Order order = new Order(id, cluster, new Actor("alice", "t1"), now, now.plusSeconds(60), request, true);
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
        return ended(accepted(request));
    }

    /** The operation that carries it out; a refusal fails the test with its words. */
    OperationId accepted(Request request) {
        Outcome.Result result = order(request);
        assertThat(result).isInstanceOf(Outcome.Accepted.class);
        return ((Outcome.Accepted) result).operation();
    }

    OperationState ended(OperationId id) {
        Await.until(
                "the end of " + id,
                Duration.ofSeconds(90),
                () -> operation(id).map(state -> state.finishedAt() != null).orElse(false));
        // Told before it was recorded; on another topic, and so perhaps read after it.
        Await.until("what was told of " + id, Duration.ofSeconds(10), () -> !ends(id).isEmpty());
        return operation(id).orElseThrow();
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
                .filter(record -> isEvent(record, type))
                .map(BusTap::fact)
                .flatMap(Optional::stream)
                .toList();
    }

    /** Everything told of an operation, in the order of the bus. */
    List<Fact> told(OperationId id) {
        return heard.stream()
                .filter(record -> record.topic() == Topic.EVENTS)
                .map(BusTap::fact)
                .flatMap(Optional::stream)
                .filter(fact -> fact.about().correlation().equals(id.value()))
                .toList();
    }

    /** What was told of its end, repeats not counted. */
    Set<String> ends(OperationId id) {
        return ENDS.stream()
                .flatMap(type -> events(type).stream())
                .filter(fact -> fact.about().correlation().equals(id.value()))
                .map(fact -> fact.id())
                .collect(Collectors.toSet());
    }

    /** The last record of an operation; none as long as it was not accepted. */
    Optional<OperationState> operation(OperationId id) {
        return find(Topic.OPERATIONS, cluster + "/" + id)
                .filter(record -> !record.isTombstone())
                .map(record -> read(record, OperationState.class));
    }

    /** The records of an operation, oldest first. */
    List<BusRecord> journal(OperationId id) {
        String key = cluster + "/" + id;
        return heard.stream()
                .filter(record ->
                        record.topic() == Topic.OPERATIONS && record.key().equals(key))
                .filter(record -> !record.isTombstone())
                .toList();
    }

    <T> List<T> all(Topic topic, Class<T> type) {
        return heard.stream()
                .filter(record -> record.topic() == topic && !record.isTombstone())
                .map(record -> read(record, type))
                .toList();
    }

    /** The last record of an operation for a reader that begins now: nothing that is on the bus by now is still to come. */
    OperationState operationNow(OperationId id) {
        List<BusRecord> all = new CopyOnWriteArrayList<>();
        try (Follower now = Follower.of(settings, List.of(Topic.OPERATIONS), new Start.Beginning(), all::add)) {
            now.caughtUp().toCompletableFuture().join();
        }
        BusRecord last = all.stream()
                .filter(record -> record.key().equals(cluster + "/" + id))
                .reduce((earlier, later) -> later)
                .orElseThrow();
        return read(last, OperationState.class);
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

    /** By its header: the body of most events is not asked for. */
    private static boolean isEvent(BusRecord record, String type) {
        return record.topic() == Topic.EVENTS
                && Optional.ofNullable(record.headers().get("ce_type"))
                        .flatMap(EventTypes::byWireName)
                        .map(EventTypes::shortName)
                        .filter(type::equals)
                        .isPresent();
    }

    private static Optional<Fact> fact(BusRecord record) {
        try {
            return record.event().fact();
        } catch (Unreadable e) {
            throw new AssertionError(e);
        }
    }

    static <T> T read(BusRecord record, Class<T> type) {
        try {
            return record.as(type);
        } catch (Unreadable e) {
            throw new AssertionError(e);
        }
    }
}
