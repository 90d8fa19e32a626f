package io.redfleet.provisioner.edge.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.topics.Topic;
import io.redfleet.bus.topics.TopicAdmin;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.health.LabelBrake;
import io.redfleet.contracts.health.LabelBrakes;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.health.ReplicationRole;
import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.provisioner.gate.Brakes;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.TestBroker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;

/** What is known before the first order is read. */
@Timeout(120)
class BusSideTest {

    @Test
    @Execution(CONCURRENT)
    void noPartitionIsTakenBeforeItIsKnownWhetherTheFleetIsDisarmed() {
        try (TestBroker broker = TestBroker.start()) {
            disarm(broker);
            Brakes brakes = new Brakes();
            BusSettings settings = BusSettings.of(broker.bootstrap(), "bus-test", broker.login("provisioner"));
            try (BusSide bus = new BusSide(settings, ledger -> PartitionDeskTest.parts(ledger, brakes), brakes)) {
                synchronized (brakes) {
                    // The record of the disarmed fleet cannot be dealt with as long as this is held.
                    bus.open();
                    Await.until(
                            "the wait for the brake",
                            Duration.ofSeconds(30),
                            () -> bus.notReady().contains("whether the fleet is disarmed"));
                }
                Await.until(
                        "a ready service",
                        Duration.ofSeconds(30),
                        () -> bus.notReady().isEmpty());
                assertThat(brakes.forbidden(Map.of())).isPresent();
            }
        }
    }

    @Test
    @Execution(CONCURRENT)
    void theLabelsThatAreDisarmedAreKnownBeforeAPartitionIsTakenAndFollowed() {
        try (TestBroker broker = TestBroker.start()) {
            topics(broker);
            LabelBrake checkout =
                    new LabelBrake(new Label("team=checkout"), "rack 4", new Actor("ann", "t1"), Instant.EPOCH);
            labelled(broker, LabelBrakes.NONE.with(checkout, 1));
            Brakes brakes = new Brakes();
            try (BusSide bus = opened(broker, brakes)) {
                awaitReady(bus);
                assertThat(brakes.forbidden(Map.of("team", "checkout")))
                        .hasValueSatisfying(held -> assertThat(held.reason()).isEqualTo(checkout.words()));
                assertThat(brakes.forbidden(Map.of("team", "search"))).isEmpty();

                labelled(broker, new LabelBrakes(2, List.of()));

                Await.until(
                        "its end",
                        Duration.ofSeconds(30),
                        () -> brakes.forbidden(Map.of("team", "checkout")).isEmpty());
            }
        }
    }

    @Test
    @Execution(CONCURRENT)
    void whateverLiesOnTheHealthTopicTheBrakeIsFollowed() {
        try (TestBroker broker = TestBroker.start()) {
            topics(broker);
            // Without a cluster, without a uid, twice, so that each is held against the other.
            for (String signed : List.of("", "\"cluster\":\"orders\",", "\"uid\":\"u\",")) {
                String value = "{" + signed + "\"term\":{\"number\":1,\"monitor\":\"m1\"}}";
                send(broker, Topic.HEALTH, "orders", value);
                send(broker, Topic.HEALTH, "orders", value);
            }
            send(broker, Topic.HEALTH, "orders", "{\"schema\":1,\"cluster\":");
            send(broker, Topic.HEALTH, "_fleet", "{\"schema\":2,\"disarmed\":false}");
            Brakes brakes = new Brakes();
            try (BusSide bus = opened(broker, brakes)) {
                awaitReady(bus);
                assertThat(brakes.forbidden(Map.of()))
                        .hasValueSatisfying(held -> assertThat(held.reason())
                                .contains("cannot be read", "schema 2 is newer than this release's 1"));

                send(broker, Topic.HEALTH, "_fleet", "{\"schema\":1}");
                Await.until(
                        "the brake that is broken",
                        Duration.ofSeconds(30),
                        () -> brakes.forbidden(Map.of()).orElseThrow().reason().contains("no FleetBrake"));
                brake(broker, false);
                Await.until(
                        "the end of it",
                        Duration.ofSeconds(30),
                        () -> brakes.forbidden(Map.of()).isEmpty());
                assertThat(bus.notReady()).isEmpty();
            }
        }
    }

    @Test
    @Execution(CONCURRENT)
    void theTermOfAHealthRecordOfALaterSchemaHoldsBackWhoIsOfAnEarlierOne() {
        try (TestBroker broker = TestBroker.start()) {
            topics(broker);
            send(
                    broker,
                    Topic.HEALTH,
                    "orders",
                    "{\"schema\":2,\"cluster\":\"orders\",\"uid\":\"u\",\"term\":{\"number\":2,\"monitor\":\"m2\"}}");
            Brakes brakes = new Brakes();
            try (BusSide bus = opened(broker, brakes)) {
                awaitReady(bus);
                assertThat(brakes.succeeded(asked(new Term(1, "m1")))).isPresent();
                assertThat(brakes.succeeded(asked(new Term(2, "m2")))).isEmpty();
            }
        }
    }

    @Test
    @Execution(CONCURRENT)
    void withATopicOfAnotherCountOfPartitionsNoneIsTakenAndReadinessSaysWhy() throws Exception {
        try (TestBroker broker = TestBroker.start();
                Admin admin = Admin.create(writer(broker).common())) {
            admin.createTopics(List.of(new NewTopic(Topic.COMMANDS.fullName(), 3, (short) 1)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
            topics(broker);
            try (BusSide bus = opened(broker, new Brakes())) {
                Await.until(
                        "what is wrong",
                        Duration.ofSeconds(30),
                        () -> bus.notReady().equals("[topic redfleet.commands.v1 has 3 partitions, not 12]"));

                admin.createPartitions(Map.of(Topic.COMMANDS.fullName(), NewPartitions.increaseTo(Topic.PARTITIONS)))
                        .all()
                        .get(20, TimeUnit.SECONDS);

                awaitReady(bus);
            }
        }
    }

    private static BusSide opened(TestBroker broker, Brakes brakes) {
        BusSettings settings = BusSettings.of(broker.bootstrap(), "bus-test", broker.login("provisioner"));
        BusSide bus = new BusSide(settings, ledger -> PartitionDeskTest.parts(ledger, brakes), brakes);
        bus.open();
        return bus;
    }

    private static void awaitReady(BusSide bus) {
        Await.until(
                "a ready service", Duration.ofSeconds(60), () -> bus.notReady().isEmpty());
    }

    private static Remediation asked(Term term) {
        return new Remediation(
                "down-1",
                new ClusterName("orders"),
                new ClusterUid("u"),
                new InstanceId("r1/redis-server"),
                Remediation.Action.RESTART,
                "down",
                new Remediation.Evidence(Liveness.DOWN, "", ReplicationRole.MASTER, 0, null, -1),
                Instant.EPOCH,
                Instant.EPOCH,
                term,
                null);
    }

    private static BusSettings writer(TestBroker broker) {
        return new BusSettings(broker.bootstrap(), "bus-test-writer", broker.admin());
    }

    private static void topics(TestBroker broker) {
        try (Admin admin = Admin.create(writer(broker).common())) {
            new TopicAdmin(admin, Duration.ofSeconds(20)).create();
        }
    }

    private static void disarm(TestBroker broker) {
        topics(broker);
        brake(broker, true);
    }

    private static void brake(TestBroker broker, boolean disarmed) {
        FleetBrake brake =
                new FleetBrake(FleetBrake.SCHEMA, disarmed, "drill", new Actor("alice", "t1"), Instant.EPOCH, 1);
        send(broker, BusMessage.of(Topic.HEALTH, ClusterName.FLEET.value(), brake));
    }

    private static void labelled(TestBroker broker, LabelBrakes labels) {
        FleetBrake brake =
                new FleetBrake(FleetBrake.SCHEMA, false, "drill", new Actor("alice", "t1"), Instant.EPOCH, 1, labels);
        send(broker, BusMessage.of(Topic.HEALTH, ClusterName.FLEET.value(), brake));
    }

    private static void send(TestBroker broker, Topic topic, String key, String value) {
        send(broker, new BusMessage(topic, key, Map.of(), value.getBytes(StandardCharsets.UTF_8)));
    }

    private static void send(TestBroker broker, BusMessage message) {
        try (BusProducer producer = new BusProducer(writer(broker), Duration.ofSeconds(10))) {
            producer.send(message).toCompletableFuture().join();
        }
    }
}
