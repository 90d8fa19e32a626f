package io.redfleet.bus.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.topics.Topic;
import io.redfleet.bus.topics.TopicAdmin;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.Position;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.TestBroker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("peer")
class FollowerTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static BusSettings settings = BusSettings.of("", "");

    @BeforeAll
    static void aBrokerWithTheTopics() {
        TestBroker broker = TestBroker.shared();
        settings = new BusSettings(broker.bootstrap(), "follower-test", broker.admin());
        try (Admin admin = Admin.create(settings.common())) {
            TopicAdmin topics = new TopicAdmin(admin, SOON);
            topics.create();
            topics.create();
            Await.until("the topics are there", SOON, () -> topics.faults().isEmpty());
        }
    }

    @Test
    void aViewHasSeenWhatLayThereBeforeItSaysItHasCaughtUp() throws Exception {
        try (BusProducer producer = new BusProducer(settings, SOON)) {
            for (int i = 0; i < 50; i++) {
                send(producer, "view-" + i);
            }
            List<String> seen = new CopyOnWriteArrayList<>();
            try (Follower view =
                    Follower.of(settings, List.of(Topic.QUIET), new Start.Beginning(), r -> seen.add(r.key()))) {
                view.caughtUp().toCompletableFuture().get(20, TimeUnit.SECONDS);
                for (int i = 0; i < 50; i++) {
                    assertThat(seen).contains("view-" + i);
                }
                assertThat(view.silence()).isZero();
            }
        }
    }

    @Test
    void aWaitForAPositionEndsWhenTheSinkHasSeenIt() throws Exception {
        List<BusRecord> seen = new CopyOnWriteArrayList<>();
        try (BusProducer producer = new BusProducer(settings, SOON);
                Follower view = Follower.of(settings, List.of(Topic.QUIET), new Start.Beginning(), seen::add)) {
            Position sent = send(producer, "position");

            view.passed(List.of(sent), SOON).toCompletableFuture().get(20, TimeUnit.SECONDS);

            assertThat(seen).anyMatch(record -> record.position().equals(sent));
        }
    }

    @Test
    void aWaitForWhatNeverComesEndsAtItsDeadline() {
        try (Follower view = Follower.of(settings, List.of(Topic.QUIET), new Start.Beginning(), r -> {})) {
            Position never = new Position(Topic.QUIET.fullName(), 0, 1_000_000);

            assertThatThrownBy(() -> view.passed(List.of(never), Duration.ofMillis(300))
                            .toCompletableFuture()
                            .get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void aReaderThatComesBackGoesOnWhereItWas() throws Exception {
        try (BusProducer producer = new BusProducer(settings, SOON)) {
            Position first = send(producer, "resumed");
            Position second = send(producer, "resumed");
            List<Long> seen = new CopyOnWriteArrayList<>();
            Start there = new Start.At(Map.of(first.partition(), second.offset()));
            try (Follower tail = Follower.of(settings, List.of(Topic.QUIET), there, r -> seen.add(r.offset()))) {
                tail.passed(List.of(second), SOON).toCompletableFuture().get(20, TimeUnit.SECONDS);
                assertThat(seen).contains(second.offset()).doesNotContain(first.offset());
            }
        }
    }

    @Test
    void aReaderOfOneTopicsLatestGoesBackThereAndNowhereElse() throws Exception {
        try (BusProducer producer = new BusProducer(settings, SOON)) {
            producer.send(BusMessage.of(Topic.ACCESS, "since", new Actor("a", "b")))
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
            send(producer, "since");
            List<Topic> seen = new CopyOnWriteArrayList<>();
            Start hour = new Start.Since(Topic.QUIET, Instant.now().minusSeconds(3_600));
            try (Follower recent =
                    Follower.of(settings, List.of(Topic.QUIET, Topic.ACCESS), hour, r -> seen.add(r.topic()))) {
                recent.caughtUp().toCompletableFuture().get(20, TimeUnit.SECONDS);
                assertThat(seen).contains(Topic.QUIET).doesNotContain(Topic.ACCESS);
            }
            List<Topic> later = new CopyOnWriteArrayList<>();
            Start never = new Start.Since(Topic.QUIET, Instant.now().plusSeconds(3_600));
            try (Follower future =
                    Follower.of(settings, List.of(Topic.QUIET, Topic.ACCESS), never, r -> later.add(r.topic()))) {
                future.caughtUp().toCompletableFuture().get(20, TimeUnit.SECONDS);
                assertThat(later).isEmpty();
            }
        }
    }

    @Test
    @Tag("long")
    void aBrokerThatHoldsItsConnectionsAndSaysNothingIsSilent() throws Exception {
        try (TestBroker own = TestBroker.start()) {
            BusSettings there = new BusSettings(own.bootstrap(), "frozen-test", own.admin());
            try (Admin admin = Admin.create(there.common())) {
                new TopicAdmin(admin, Duration.ofSeconds(30)).create();
            }
            try (Follower view = Follower.of(there, List.of(Topic.QUIET), new Start.Beginning(), r -> {})) {
                view.caughtUp().toCompletableFuture().get(20, TimeUnit.SECONDS);
                assertThat(view.silence()).isZero();
                own.freeze();
                Await.until(
                        "silence", Duration.ofSeconds(10), () -> view.silence().compareTo(Duration.ofSeconds(3)) > 0);
                own.thaw();
                Await.until(
                        "an answer",
                        Duration.ofSeconds(20),
                        () -> view.silence().isZero());
            }
        }
    }

    private static Position send(BusProducer producer, String key) throws Exception {
        return producer.send(BusMessage.of(Topic.QUIET, key, new Actor("a", "b")))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }
}
