package io.redfleet.provisioner.edge.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.DeadLetters;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.replay.Follower;
import io.redfleet.bus.replay.Start;
import io.redfleet.bus.topics.Topic;
import io.redfleet.bus.topics.TopicAdmin;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.ServiceName;
import io.redfleet.provisioner.gate.Brakes;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.TestBroker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an owner had on its way when it stopped reaches the log after its successor's word. */
@Timeout(120)
class LateWordTest {
    private static final ClusterName ORDERS = new ClusterName("orders");

    @Test
    void anOperationThatHasEndedIsNotUnderWayAgainBecauseAnEarlierOwnerSaysSoLate() throws Exception {
        try (TestBroker broker = TestBroker.start()) {
            BusSettings tap = new BusSettings(broker.bootstrap(), "late-tap", broker.admin());
            try (Admin admin = Admin.create(tap.common())) {
                new TopicAdmin(admin, Duration.ofSeconds(20)).create();
            }
            BusSettings settings = BusSettings.of(broker.bootstrap(), "late-test", broker.login("provisioner"));
            List<BusRecord> heard = new CopyOnWriteArrayList<>();
            try (BusProducer producer = new BusProducer(settings, Duration.ofSeconds(10));
                    Follower follower =
                            Follower.of(tap, List.of(Topic.OPERATIONS), new Start.Beginning(), heard::add)) {
                KafkaLedger earlier = ledger(producer, "provisioner-0");
                earlier.begin();
                earlier.operation(operation(Status.RUNNING));
                hear(heard, 1);

                KafkaLedger later = ledger(producer, "provisioner-1");
                PartitionDesk desk = new PartitionDesk(
                        heard.getFirst().partition(),
                        later,
                        new DeadLetters("provisioner-1", InstantSource.system()),
                        ledger -> PartitionDeskTest.parts(ledger, new Brakes()));
                later.counts(heard.getFirst());
                later.begin();
                later.operation(operation(Status.SUCCEEDED));
                hear(heard, 2);
                desk.arrived(heard.get(1), () -> {});

                earlier.operation(operation(Status.RUNNING));
                hear(heard, 3);
                assertThat(status(heard.get(2))).isEqualTo(Status.RUNNING);
                desk.arrived(heard.get(2), () -> {});
                hear(heard, 4);
                assertThat(status(heard.get(3))).isEqualTo(Status.SUCCEEDED);

                desk.arrived(heard.get(3), () -> {});
                desk.released();
                assertThat(follower.silence()).isZero();
                assertThat(heard).as("its own word is not answered").hasSize(4);
            }
        }
    }

    private static KafkaLedger ledger(BusProducer producer, String instance) {
        return new KafkaLedger(producer, () -> false, new LastWord(instance, InstantSource.system()));
    }

    private static void hear(List<BusRecord> heard, int records) {
        Await.until(records + " records", Duration.ofSeconds(20), () -> heard.size() == records);
    }

    private static Status status(BusRecord record) throws Exception {
        return record.as(OperationState.class).status();
    }

    private static OperationState operation(Status status) {
        return new OperationState(
                OperationState.SCHEMA,
                new OperationId("op"),
                ORDERS,
                new ClusterUid("u"),
                "provision",
                null,
                Actor.self(ServiceName.PROVISIONER),
                status,
                "",
                Instant.EPOCH,
                status.done() ? Instant.EPOCH : null,
                List.of(),
                Set.of());
    }
}
