package io.redfleet.provisioner.edge.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.replay.Follower;
import io.redfleet.bus.replay.Start;
import io.redfleet.bus.topics.Topic;
import io.redfleet.bus.topics.TopicAdmin;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.event.About;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.ServiceName;
import io.redfleet.contracts.wire.Violation;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.TestBroker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is waited for and what is not. */
@Timeout(120)
class KafkaLedgerTest {
    private static final ClusterName ORDERS = new ClusterName("orders");
    private static final ClusterUid UID = new ClusterUid("u");
    private static final String LONG = "x".repeat(1_200_000);

    @Test
    void aRecordThatNoBrokerTakesIsCutShortAndBlocksNothing() throws Exception {
        try (TestBroker broker = TestBroker.start()) {
            BusSettings tap = new BusSettings(broker.bootstrap(), "ledger-tap", broker.admin());
            try (Admin admin = Admin.create(tap.common())) {
                new TopicAdmin(admin, Duration.ofSeconds(20)).create();
            }
            BusSettings settings = BusSettings.of(broker.bootstrap(), "ledger-test", broker.login("provisioner"));
            List<BusRecord> heard = new CopyOnWriteArrayList<>();
            List<Topic> topics = List.of(Topic.OUTCOMES, Topic.EVENTS, Topic.OPERATIONS);
            try (BusProducer producer = new BusProducer(settings, Duration.ofSeconds(10));
                    Follower follower = Follower.of(tap, topics, new Start.Beginning(), heard::add)) {
                KafkaLedger ledger =
                        new KafkaLedger(producer, () -> false, new LastWord("provisioner-0", InstantSource.system()));
                ledger.outcome(
                        new Outcome(new CommandId("c"), ORDERS, Instant.EPOCH, new Outcome.Answered(LONG), List.of()));
                ledger.tell(refusal());
                ledger.operation(operation());
                Await.until("three records", Duration.ofSeconds(20), () -> heard.size() == 3);
                ledger.tell(List.of(fact("a", "first"), fact("g", LONG), fact("b", "last")));
                Await.until("three more", Duration.ofSeconds(20), () -> heard.size() == 6);
                assertThat(follower.silence()).isZero();
            }
            assertThat(heard.subList(3, 6))
                    .extracting(record -> record.headers().get("ce_id"))
                    .as("what had to be cut short comes behind the others")
                    .containsExactly("a", "b", "g");
            Outcome outcome = heard(heard, Topic.OUTCOMES).as(Outcome.class);
            assertThat(((Outcome.Refused) outcome.result()).problem().status()).isEqualTo(413);
            Fact fact = heard(heard, Topic.EVENTS).event().fact().orElseThrow();
            OperationEvent.Refused refused = (OperationEvent.Refused) fact.event();
            assertThat(refused.errors().getFirst().field()).hasSizeBetween(200, 210);
            assertThat(refused.errors().getFirst().rule()).isEqualTo("unknown key");
            OperationState operation = heard(heard, Topic.OPERATIONS).as(OperationState.class);
            assertThat(operation.status()).isEqualTo(Status.FAILED);
            assertThat(operation.steps()).hasSize(20);
        }
    }

    private static BusRecord heard(List<BusRecord> heard, Topic topic) {
        return heard.stream()
                .filter(record -> record.topic() == topic)
                .findFirst()
                .orElseThrow();
    }

    private static Fact refusal() {
        return fact("f", LONG);
    }

    private static Fact fact(String id, String field) {
        About about = new About(ORDERS, UID, null, "1 rule(s) broken, first " + field, "c", null);
        return new Fact(
                id,
                Instant.EPOCH,
                about,
                new OperationEvent.Refused(List.of(new Violation(field, "v", "unknown key"))));
    }

    private static OperationState operation() {
        List<StepState> steps = IntStream.range(0, 20)
                .mapToObj(i -> new StepState("s" + i, "r1", "start", StepState.Status.FAILED, LONG, 1))
                .toList();
        return new OperationState(
                OperationState.SCHEMA,
                new OperationId("op"),
                ORDERS,
                UID,
                "provision",
                null,
                Actor.self(ServiceName.PROVISIONER),
                Status.FAILED,
                LONG,
                Instant.EPOCH,
                Instant.EPOCH,
                steps,
                Set.of());
    }
}
