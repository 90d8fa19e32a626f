package io.redfleet.provisioner.edge.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.topics.Topic;
import io.redfleet.bus.topics.TopicAdmin;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.provisioner.gate.Brakes;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.TestBroker;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is known before the first order is read. */
@Timeout(120)
class BusSideTest {

    @Test
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
                assertThat(brakes.forbidden()).isPresent();
            }
        }
    }

    private static void disarm(TestBroker broker) {
        BusSettings settings = new BusSettings(broker.bootstrap(), "bus-test-writer", broker.admin());
        try (Admin admin = Admin.create(settings.common())) {
            new TopicAdmin(admin, Duration.ofSeconds(20)).create();
        }
        FleetBrake brake = new FleetBrake(FleetBrake.SCHEMA, true, "drill", new Actor("alice", "t1"), Instant.EPOCH, 1);
        try (BusProducer producer = new BusProducer(settings, Duration.ofSeconds(10))) {
            producer.send(BusMessage.of(Topic.HEALTH, ClusterName.FLEET.value(), brake))
                    .toCompletableFuture()
                    .join();
        }
    }
}
