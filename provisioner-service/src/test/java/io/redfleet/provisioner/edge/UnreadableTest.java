package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Codec;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.bus.replay.Follower;
import io.redfleet.bus.replay.Start;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Durability;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.cluster.RedisSpec;
import io.redfleet.contracts.cluster.SecuritySpec;
import io.redfleet.contracts.cluster.SentinelSpec;
import io.redfleet.contracts.cluster.WatchMode;
import io.redfleet.contracts.cluster.WatchSpec;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.health.ReplicationRole;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.DeadLetter;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Position;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.contracts.wire.ServiceName;
import io.redfleet.provisioner.edge.config.Assembly;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.TestBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;

/** Records that cannot be read, on a broker of its own; no host is needed to find them. */
@Timeout(120)
class UnreadableTest {
    private static final ClusterName ORDERS = new ClusterName("orders");
    private static final Request NOBODY = new Request.Run(new InstanceId("r9/redis-server"), Request.Verb.RESTART, "");

    @TempDir
    Path home;

    private TestBroker broker;
    private BusTap bus;
    private BusProducer producer;
    private Follower follower;
    private final List<BusRecord> letters = new CopyOnWriteArrayList<>();
    private final List<BusRecord> secrets = new CopyOnWriteArrayList<>();

    @BeforeEach
    void aBroker() {
        broker = TestBroker.start();
        bus = new BusTap(broker, ORDERS);
        BusSettings settings = new BusSettings(broker.bootstrap(), "poisoner", broker.admin());
        producer = new BusProducer(settings, Duration.ofSeconds(10));
        follower = Follower.of(
                settings,
                List.of(Topic.DEADLETTERS, Topic.SECRETS),
                new Start.Beginning(),
                record -> (record.topic() == Topic.SECRETS ? secrets : letters).add(record));
    }

    @AfterEach
    void end() {
        follower.close();
        producer.close();
        bus.close();
        broker.close();
    }

    @Test
    @Execution(CONCURRENT)
    void aPoisonedRecordOnEveryTopicIsADeadLetterAndOrdersAreAnswered() throws Exception {
        List<Position> poison = new ArrayList<>();
        for (String value : List.of("{\"schema\":1,\"cluster\":", "{}", "{\"schema\":99}")) {
            poison.addAll(poison(value));
        }
        assertThat(poison)
                .extracting(Position::topic)
                .as("every topic that a provisioner reads")
                .containsAll(Stream.of(Topic.values())
                        .filter(topic -> topic.readers().contains(ServiceName.PROVISIONER))
                        .map(Topic::fullName)
                        .toList());
        // What ends a key ends whatever key it is.
        end("poisoned/a/b");
        end("poisoned/" + "o".repeat(100));
        try (Assembly service = opened()) {
            assertThat(poison)
                    .allSatisfy(
                            position -> assertThat(letter(position).reader()).isEqualTo("provisioner-p"));
            assertThat(bus.refused(NOBODY).status()).isEqualTo(404);

            assertThat(poison("{\"id\":7}")).allSatisfy(position -> {
                boolean read = !position.topic().equals(Topic.OPERATIONS.fullName())
                        && !position.topic().equals(Topic.HOSTS.fullName())
                        && !position.topic().equals(Topic.SECRETS.fullName());
                // What it writes itself it reads at the start alone.
                assertThat(!read || !letter(position).reason().isBlank()).isTrue();
            });
            assertThat(bus.refused(NOBODY).status()).isEqualTo(404);

            for (Topic topic : List.of(Topic.COMMANDS, Topic.REMEDIATIONS)) {
                Position later = send(topic, "poisoned", ofALaterRelease(topic));
                assertThat(letter(later).reason()).isNotBlank();
            }
            assertThat(bus.refused(NOBODY).status()).isEqualTo(404);
        }
    }

    @Test
    @Execution(CONCURRENT)
    void anOperationOfALaterReleaseParksItsClusterAndIsNotCarriedOnFromAnOlderRecord() throws Exception {
        ClusterState state = state(SecuritySpec.OFF);
        OperationState running = running(state);
        String written = text(running);
        send(Topic.CLUSTERS, ORDERS.value(), text(state));
        String key = ORDERS + "/" + running.id();
        send(Topic.OPERATIONS, key, written);
        Position later = send(Topic.OPERATIONS, key, written.replace("\"schema\":1", "\"schema\":2"));
        try (Assembly service = opened()) {
            Await.until("the parking", Duration.ofSeconds(20), () -> !parked().isEmpty());
            assertThat(parked())
                    .containsExactly(new OperationEvent.Parked(later, "schema 2 is newer than this release's 1"));
            assertThat(letter(later).reason()).contains("schema 2");
            Problem problem = bus.refused(NOBODY);
            assertThat(problem.status()).isEqualTo(409);
            assertThat(problem.detail()).contains("parked", Topic.OPERATIONS.fullName());
            assertThat(bus.events("operation.started")).isEmpty();
        }
    }

    @Test
    @Execution(CONCURRENT)
    void anOperationThatIsBrokenIsNotCarriedOnFromAnOlderRecordAndHoldsNobodyUp() throws Exception {
        ClusterState state = state(SecuritySpec.OFF);
        OperationState running = running(state);
        send(Topic.CLUSTERS, ORDERS.value(), text(state));
        send(Topic.OPERATIONS, ORDERS + "/" + running.id(), text(running));
        Position broken = send(Topic.OPERATIONS, ORDERS + "/" + running.id(), "{\"schema\":1,\"id\":");
        try (Assembly service = opened()) {
            assertThat(letter(broken).reason()).contains("no OperationState");
            Problem problem = bus.refused(new Request.ResumeOperation(running.id()));
            assertThat(problem.status()).isEqualTo(404);
            assertThat(problem.detail()).isEqualTo("no operation " + running.id());
        }
    }

    @Test
    @Execution(CONCURRENT)
    void aPasswordWhoseRecordCannotBeReadIsNotShownAndNotMadeAnew() throws Exception {
        ClusterState state = state(new SecuritySpec(SecuritySpec.Acl.GENERATED));
        send(Topic.CLUSTERS, ORDERS.value(), text(state));
        String key = ORDERS + "/application";
        Position later = send(Topic.SECRETS, key, "{\"schema\":3}");
        try (Assembly service = opened()) {
            assertThat(letter(later).reason()).contains("schema 3");
            Problem problem = bus.refused(new Request.Reveal("application", "occasion"));
            assertThat(problem.status()).isEqualTo(503);
            assertThat(problem.detail()).contains("its record cannot be read: schema 3");
            assertThat(secrets.getLast().position()).isEqualTo(later);
        }
    }

    @Test
    @Execution(CONCURRENT)
    void aClusterWhoseRecordCannotBeReadIsParkedUntilItCan() throws Exception {
        String written = text(state(SecuritySpec.OFF));
        Position later = send(Topic.CLUSTERS, ORDERS.value(), written.replace("\"schema\":1", "\"schema\":2"));
        try (Assembly service = opened()) {
            Await.until("the parking", Duration.ofSeconds(20), () -> !parked().isEmpty());
            assertThat(parked().getFirst())
                    .isEqualTo(new OperationEvent.Parked(later, "schema 2 is newer than this release's 1"));
            assertThat(letter(later).reason()).contains("schema 2");
            Problem problem = bus.refused(NOBODY);
            assertThat(problem.status()).isEqualTo(409);
            assertThat(problem.detail()).contains("parked");

            send(Topic.CLUSTERS, ORDERS.value(), written);
            Await.until(
                    "the end of it",
                    Duration.ofSeconds(20),
                    () -> !bus.events("cluster.unparked").isEmpty());
            assertThat(bus.refused(NOBODY).detail()).contains("has no instance");

            send(Topic.CLUSTERS, ORDERS.value(), "{\"uid\":\"another\"");
            Await.until("another parking", Duration.ofSeconds(20), () -> parked().size() > 1);
            assertThat(bus.refused(NOBODY).status()).isEqualTo(409);
        }
    }

    private List<OperationEvent> parked() {
        return bus.events("cluster.parked").stream()
                .map(fact -> (OperationEvent) fact.event())
                .toList();
    }

    private List<Position> poison(String value) {
        return List.of(
                send(Topic.COMMANDS, "poisoned", value),
                send(Topic.REMEDIATIONS, "poisoned", value),
                send(Topic.CLUSTERS, "poisoned", value),
                send(Topic.OPERATIONS, "poisoned/op", value),
                send(Topic.HOSTS, "poisoned/r1", value),
                send(Topic.SECRETS, "poisoned/probe", value),
                send(Topic.HEALTH, ClusterName.FLEET.value(), value));
    }

    private static String text(Object record) {
        return new String(Codec.bytes(record), StandardCharsets.UTF_8);
    }

    /** A whole record with a word that this release does not know. */
    private static String ofALaterRelease(Topic topic) {
        Instant now = Instant.now();
        if (topic == Topic.COMMANDS) {
            Order order = new Order(
                    new CommandId("later"),
                    ORDERS,
                    new Actor("ann", "t"),
                    now,
                    now.plusSeconds(60),
                    new Request.ShowPlan());
            return replaced(text(order), "\"type\":\"showPlan\"", "\"type\":\"defragment\"");
        }
        Remediation asked = new Remediation(
                "later",
                ORDERS,
                new ClusterUid("uid-1"),
                new InstanceId("r1/redis-server"),
                Remediation.Action.RESTART,
                "down",
                new Remediation.Evidence(Liveness.DOWN, "", ReplicationRole.REPLICA, 0, null, -1),
                now,
                now.plusSeconds(60));
        return replaced(text(asked), "\"RESTART\"", "\"DEFRAGMENT\"");
    }

    private static String replaced(String written, String word, String later) {
        assertThat(written).contains(word);
        return written.replace(word, later);
    }

    private static OperationState running(ClusterState state) {
        return new OperationState(
                OperationState.SCHEMA,
                new OperationId("0mhgq8v40-0a1b2c3d4e"),
                state.name(),
                state.uid(),
                "provision",
                null,
                new Actor("alice", "t1"),
                OperationState.Status.RUNNING,
                "running",
                Instant.now(),
                null,
                List.of(),
                Set.of());
    }

    private void end(String key) {
        producer.send(BusMessage.tombstone(Topic.OPERATIONS, key))
                .toCompletableFuture()
                .join();
    }

    private Position send(Topic topic, String key, String value) {
        return producer.send(new BusMessage(topic, key, Map.of(), value.getBytes(StandardCharsets.UTF_8)))
                .toCompletableFuture()
                .join();
    }

    private DeadLetter letter(Position position) {
        return Await.value(
                "a dead letter for " + position,
                Duration.ofSeconds(20),
                () -> letters.stream()
                        .map(UnreadableTest::read)
                        .filter(letter -> letter.position().equals(position))
                        .findFirst());
    }

    private static DeadLetter read(BusRecord record) {
        try {
            return record.as(DeadLetter.class);
        } catch (Unreadable e) {
            throw new AssertionError(record + " is no dead letter", e);
        }
    }

    private Assembly opened() throws Exception {
        Assembly made = Assembly.of(
                new SmallSettings(home.toString(), broker.bootstrap(), "provisioner-p", broker.login("provisioner")),
                Optional.empty());
        made.open();
        Await.until(
                "a ready service",
                Duration.ofSeconds(30),
                () -> made.bus().notReady().isEmpty());
        return made;
    }

    private static ClusterState state(SecuritySpec security) {
        ClusterSpec spec = new ClusterSpec(
                ORDERS,
                Map.of(),
                new RedisSpec("redis", "", "present", Map.of()),
                new Durability(0, Duration.ofSeconds(10)),
                new SentinelSpec("orders", 2, Duration.ofSeconds(5), Duration.ofSeconds(60), 1),
                List.of(),
                new HostName("r1"),
                "process",
                new WatchSpec(WatchMode.AUTO, Duration.ofSeconds(1), Duration.ofSeconds(5)),
                security);
        return new ClusterState(1, new ClusterUid("uid-1"), 1, Phase.READY, "ready", Instant.now(), spec);
    }
}
