package io.redfleet.monitor.edge.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.codec.Codec;
import io.redfleet.bus.topics.ClusterPartitioner;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.SentinelSpec;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.FleetEvent;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.Verdict;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Position;
import io.redfleet.contracts.wire.Request;
import io.redfleet.contracts.wire.ServiceName;
import io.redfleet.testkit.FreePort;
import io.redfleet.testkit.TestBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that cannot be read, on a real broker. The watched instances do not run: that they are down is what is seen. */
class UnreadableTest {
    private static final String GARBLED = "{\"schema\":1,\"cluster\":";
    private static final String EMPTY = "{}";
    private static final String LATER = "{\"schema\":99}";

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
    void aPoisonedRecordOnEveryTopicIsADeadLetterAndTheWatchGoesOn() {
        try (Stage stage = Stage.on(broker, home, "monitor-p")) {
            stage.awaitReady();
            ClusterState first = state("poison-first");
            stage.put(first);
            stage.awaitHealth(first.name(), health -> health.lastEvent() != null);
            stage.monitor().close();
            List<Position> poison = new ArrayList<>();
            for (String value : List.of(GARBLED, EMPTY, LATER)) {
                poison.addAll(poison(stage, value));
                poison.add(stage.send(Topic.HEALTH, "poisoned", value));
                poison.add(stage.send(Topic.EVENTS, inThePartitionOf(first.name()), value));
            }

            assertThat(poison)
                    .extracting(Position::topic)
                    .as("every topic that a monitor reads")
                    .containsAll(Stream.of(Topic.values())
                            .filter(topic -> topic.readers().contains(ServiceName.MONITOR))
                            .map(Topic::fullName)
                            .toList());

            stage.startMonitor();
            stage.awaitReady();

            assertThat(poison)
                    .allSatisfy(position ->
                            assertThat(stage.awaitLetter(position).reader()).isEqualTo("monitor-p"));
            stage.put(state("poison-second"));
            stage.await(new ClusterName("poison-second"), InstanceEvent.Down.class, fact -> true);

            assertThat(poison(stage, GARBLED))
                    .allSatisfy(position ->
                            assertThat(stage.awaitLetter(position).reason()).isNotBlank());
            assertThat(poison(stage, LATER))
                    .filteredOn(position -> !position.topic().equals(Topic.COMMANDS.fullName()))
                    .allSatisfy(position ->
                            assertThat(stage.awaitLetter(position).reason()).contains("schema 99"));
            assertThat(stage.awaitLetter(stage.send(Topic.COMMANDS, "poisoned", ofALaterKind()))
                            .reason())
                    .contains("no Order");
            stage.put(state("poison-third"));
            stage.await(new ClusterName("poison-third"), InstanceEvent.Down.class, fact -> true);
        }
    }

    @Test
    void aClusterWhoseRecordCannotBeReadIsParkedLoudlyUntilItCan() {
        ClusterState state = state("parked");
        ClusterName parked = state.name();
        try (Stage stage = Stage.on(broker, home, "monitor-q")) {
            stage.awaitReady();
            stage.put(state);
            ClusterHealth before = stage.awaitHealth(
                    parked, health -> health.instances().values().stream().allMatch(instance -> instance.flips() > 0));

            Position later = stage.send(Topic.CLUSTERS, parked.value(), ofALaterRelease(state));

            Fact told = stage.await(parked, FleetEvent.WatchParked.class, fact -> true);
            assertThat(told.about().uid()).isEqualTo(state.uid());
            assertThat(told.event())
                    .isEqualTo(new FleetEvent.WatchParked(later, "schema 2 is newer than this release's 1"));
            assertThat(stage.awaitLetter(later).reason()).contains("schema 2");
            ClusterHealth marked =
                    stage.awaitHealth(parked, health -> health.conditions().containsKey("parked"));
            assertThat(marked.verdict().diagnosis()).isEqualTo(Verdict.Diagnosis.UNKNOWN);
            assertThat(marked.verdict().reason()).startsWith("parked, not watched: ");
            assertThat(marked.instances().keySet()).isEqualTo(before.instances().keySet());

            stage.monitor().close();
            stage.startMonitor();
            stage.awaitReady();
            assertThat(stage.order(askedToMonitor(parked)).result()).isInstanceOf(Outcome.Refused.class);

            stage.put(state);
            Fact resumed = stage.await(parked, FleetEvent.WatchResumed.class, fact -> true);
            assertThat(resumed.about().uid()).isEqualTo(state.uid());
            ClusterHealth after = stage.awaitHealth(
                    parked,
                    health -> !health.conditions().containsKey("parked")
                            && health.at().isAfter(marked.at()));
            assertThat(after.verdict().reason()).doesNotContain("parked");
            before.instances()
                    .forEach((id, instance) -> assertThat(
                                    Objects.requireNonNull(after.instances().get(id))
                                            .flips())
                            .as("%s counts on", id)
                            .isGreaterThanOrEqualTo(instance.flips()));
            assertThat(stage.facts(parked)
                            .filter(fact -> fact.event() instanceof FleetEvent.WatchParked)
                            .map(fact -> fact.id())
                            .distinct())
                    .as("however often it is told, it is one fact")
                    .hasSize(1);
        }
    }

    /** On each topic that a monitor at work reads. */
    private static List<Position> poison(Stage stage, String value) {
        return List.of(
                stage.send(Topic.CLUSTERS, "poisoned", value),
                stage.send(Topic.HEALTH, ClusterName.FLEET.value(), value),
                stage.send(Topic.OPERATIONS, "poisoned/op", value),
                stage.send(Topic.HOSTS, "poisoned/r1", value),
                stage.send(Topic.REPORTS, "poisoned/r1", value),
                stage.send(Topic.SECRETS, "poisoned/probe", value),
                stage.send(Topic.COMMANDS, "poisoned", value));
    }

    private static String inThePartitionOf(ClusterName cluster) {
        return Stream.iterate(0, i -> i + 1)
                .map(i -> "poisoned-" + i)
                .filter(key -> ClusterPartitioner.partition(key) == ClusterPartitioner.partition(cluster.value()))
                .findFirst()
                .orElseThrow();
    }

    private static String ofALaterRelease(ClusterState state) {
        return replaced(text(state), "\"schema\":1", "\"schema\":2");
    }

    /** An order that this release does not know. */
    private static String ofALaterKind() {
        return replaced(
                text(askedToMonitor(new ClusterName("poisoned"))), "\"type\":\"monitor\"", "\"type\":\"listen\"");
    }

    static String text(Object record) {
        return new String(Codec.bytes(record), StandardCharsets.UTF_8);
    }

    static String replaced(String written, String part, String later) {
        assertThat(written).contains(part);
        return written.replace(part, later);
    }

    private static Order askedToMonitor(ClusterName cluster) {
        Instant now = Instant.now();
        CommandId id = new CommandId("ask-" + cluster);
        return new Order(id, cluster, new Actor("ann", "t"), now, now.plusSeconds(60), new Request.Monitor(null));
    }

    static ClusterState state(String name) {
        List<Integer> ports =
                IntStream.range(0, 6).mapToObj(i -> FreePort.choose()).toList();
        return Accepted.stateOf(
                name,
                ports.subList(0, 3),
                ports.subList(3, 6),
                new SentinelSpec(name, 2, Duration.ofSeconds(5), Duration.ofSeconds(10), 1));
    }
}
