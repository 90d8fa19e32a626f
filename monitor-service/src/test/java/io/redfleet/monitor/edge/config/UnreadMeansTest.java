package io.redfleet.monitor.edge.config;

import static io.redfleet.monitor.edge.config.UnreadableTest.replaced;
import static io.redfleet.monitor.edge.config.UnreadableTest.state;
import static io.redfleet.monitor.edge.config.UnreadableTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.sealed.AudienceKey;
import io.redfleet.bus.sealed.Seal;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Sealed;
import io.redfleet.contracts.access.SealedSecret;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.SecuritySpec;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.FleetEvent;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Position;
import io.redfleet.contracts.wire.Request;
import io.redfleet.contracts.wire.ServiceName;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.TestBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a record that cannot be read means for the cluster or the fleet that it is about. The instances do not run. */
class UnreadMeansTest {
    private static final String GARBLED = "{\"schema\":1,\"cluster\":";
    private static final String LATER = "{\"schema\":2}";
    private static final OperationId OPERATION = new OperationId("0mhgq8v40-0a1b2c3d4e");

    private static TestBroker broker;

    @TempDir
    Path home;

    @BeforeAll
    static void aBroker() {
        broker = TestBroker.start();
    }

    @AfterAll
    static void noBroker() {
        broker.close();
    }

    @Test
    void anOperationThatCannotBeReadExcusesNothingWhateverItSaidBefore() {
        try (Stage stage = Stage.on(broker, home, "monitor-r")) {
            stage.awaitReady();
            ClusterState seen = state("excused");
            String before = stops(seen, "r1/redis-server");
            String key = seen.name() + "/" + OPERATION;
            stage.monitor().close();
            stage.send(Topic.OPERATIONS, key, before);
            stage.put(seen);
            stage.startMonitor();
            stage.await(seen.name(), InstanceEvent.Down.class, about("r2/redis-server"));
            stage.awaitHealth(seen.name(), health -> liveness(health, "r1/redis-server") == Liveness.DOWN);
            assertThat(stage.facts(seen.name())
                            .filter(about("r1/redis-server"))
                            .filter(fact -> fact.event() instanceof InstanceEvent.Down))
                    .isEmpty();

            stage.send(Topic.OPERATIONS, key, before.replace("\"schema\":1", "\"schema\":2"));

            stage.await(seen.name(), InstanceEvent.Down.class, about("r1/redis-server"));
            stage.monitor().close();
            ClusterState next = state("excused-no-more");
            stage.send(Topic.OPERATIONS, next.name() + "/" + OPERATION, stops(next, "r1/redis-server"));
            stage.send(Topic.OPERATIONS, next.name() + "/" + OPERATION, GARBLED);
            stage.put(next);

            stage.startMonitor();

            stage.await(next.name(), InstanceEvent.Down.class, about("r1/redis-server"));
        }
    }

    @Test
    void aClosedClusterWithoutAReadablePasswordIsParkedLoudlyUntilThereIsOne() throws Exception {
        AudienceKey.create(AudienceKey.file(home, ServiceName.MONITOR), new SecureRandom());
        try (Stage stage = Stage.on(broker, home, "monitor-s")) {
            stage.awaitReady();
            ClusterState first = closed("locked-first");
            ClusterState second = closed("locked-second");
            stage.put(first);
            String later = replaced(password(first), "\"schema\":1", "\"schema\":3");
            Position unread = stage.send(Topic.SECRETS, first.name() + "/probe", later);
            String reason = "the probe's password: schema 3 is newer than this release's 2";
            Fact told = stage.await(first.name(), FleetEvent.WatchParked.class, fact -> true);
            assertThat(told.event()).isEqualTo(new FleetEvent.WatchParked(unread, reason));
            assertThat(told.about().uid()).isEqualTo(first.uid());
            assertThat(stage.awaitLetter(unread).reason()).contains("schema 3");

            Position broken = stage.send(Topic.SECRETS, second.name() + "/probe", GARBLED);
            stage.awaitLetter(broken);
            stage.put(second);
            stage.await(second.name(), FleetEvent.WatchParked.class, fact -> true);
            stage.monitor().close();
            stage.startMonitor();
            stage.awaitReady();
            stage.awaitHealth(first.name(), health -> health.conditions().containsKey("parked"));

            stage.send(Topic.SECRETS, first.name() + "/probe", password(first));
            stage.send(Topic.SECRETS, second.name() + "/probe", password(second));

            for (ClusterState state : List.of(first, second)) {
                stage.await(state.name(), FleetEvent.WatchResumed.class, fact -> true);
                stage.await(state.name(), InstanceEvent.Down.class, about("r1/redis-server"));
                assertThat(stage.facts(state.name())
                                .filter(fact -> fact.event() instanceof FleetEvent.WatchParked)
                                .map(fact -> fact.id())
                                .distinct())
                        .hasSize(1);
            }
        }
    }

    @Test
    void aHealthRecordOfALaterReleaseParksTheClusterAndIsNotWrittenOver() {
        try (Stage stage = Stage.on(broker, home, "monitor-t")) {
            stage.awaitReady();
            ClusterState state = state("counted");
            stage.put(state);
            ClusterHealth before = stage.awaitHealth(
                    state.name(),
                    health -> health.instances().values().stream().allMatch(instance -> instance.flips() > 0));
            stage.monitor().close();
            String written = text(before);
            Position later =
                    stage.send(Topic.HEALTH, state.name().value(), replaced(written, "\"schema\":1", "\"schema\":2"));

            stage.startMonitor();

            Fact told = stage.await(state.name(), FleetEvent.WatchParked.class, fact -> true);
            assertThat(told.event())
                    .isEqualTo(new FleetEvent.WatchParked(later, "schema 2 is newer than this release's 1"));
            stage.awaitReady();
            assertThat(stage.newest(Topic.HEALTH, state.name()).position()).isEqualTo(later);
        }
    }

    @Test
    void aBrokenHealthRecordOfAWatchedClusterIsWrittenOver() throws Exception {
        try (Stage stage = Stage.on(broker, home, "monitor-u")) {
            stage.awaitReady();
            ClusterState state = state("overlaid");
            stage.put(state);
            ClusterHealth before = stage.awaitHealth(
                    state.name(),
                    health -> health.instances().values().stream().allMatch(instance -> instance.flips() > 0));

            Position broken = stage.send(Topic.HEALTH, state.name().value(), GARBLED);

            stage.awaitLetter(broken);
            Await.until(
                    "a record over it",
                    Duration.ofSeconds(30),
                    () -> stage.newest(Topic.HEALTH, state.name()).offset() > broken.offset());
            ClusterHealth after = stage.newest(Topic.HEALTH, state.name()).as(ClusterHealth.class);
            assertThat(after.instances().keySet()).isEqualTo(before.instances().keySet());
        }
    }

    @Test
    void aBrakeThatCannotBeReadIsEndedByAnOrderThatCountsBeyondIt() {
        try (Stage stage = Stage.on(broker, home, "monitor-v")) {
            stage.awaitReady();
            Position later = stage.send(Topic.HEALTH, ClusterName.FLEET.value(), LATER);
            stage.awaitLetter(later);

            Outcome outcome = stage.order(new Order(
                    new CommandId("rearm-v"),
                    ClusterName.FLEET,
                    new Actor("ann", "t"),
                    Instant.now(),
                    Instant.now().plusSeconds(60),
                    new Request.Rearm("mended")));

            assertThat(outcome.result())
                    .isInstanceOfSatisfying(
                            Outcome.Answered.class,
                            answered -> assertThat(answered.body())
                                    .contains("\"disarmed\":false", "\"count\":" + (later.offset() + 1)));
        }
    }

    private static Predicate<Fact> about(String instance) {
        return fact -> new InstanceId(instance).equals(fact.about().instance());
    }

    private static Liveness liveness(ClusterHealth health, String instance) {
        return Objects.requireNonNull(health.instances().get(new InstanceId(instance)))
                .liveness();
    }

    /** A running operation that stops this instance. */
    private static String stops(ClusterState state, String instance) {
        return text(new OperationState(
                OperationState.SCHEMA,
                OPERATION,
                state.name(),
                state.uid(),
                "stop",
                new InstanceId(instance),
                new Actor("ann", "t"),
                OperationState.Status.RUNNING,
                "running",
                Instant.now(),
                null,
                List.of(),
                Set.of(new InstanceId(instance))));
    }

    private ClusterState closed(String name) {
        ClusterState open = state(name);
        ClusterSpec spec = open.spec();
        ClusterSpec closed = new ClusterSpec(
                spec.name(),
                spec.labels(),
                spec.redis(),
                spec.durability(),
                spec.sentinel(),
                spec.hosts(),
                spec.bootstrapMaster(),
                spec.service(),
                spec.watch(),
                new SecuritySpec(SecuritySpec.Acl.GENERATED));
        return new ClusterState(
                open.schema(), open.uid(), open.revision(), open.phase(), open.reason(), open.since(), closed);
    }

    private String password(ClusterState state) throws IOException {
        AudienceKey key = AudienceKey.read(AudienceKey.file(home, ServiceName.MONITOR));
        Sealed copy = new Seal(state.uid(), Purpose.PROBE, ServiceName.MONITOR, "")
                .close(Secret.of("a-password-of-some-length"), key, new SecureRandom());
        return text(new SealedSecret(
                state.name(), state.uid(), Purpose.PROBE, Instant.now(), Map.of(ServiceName.MONITOR, copy)));
    }
}
