package io.redfleet.alert.edge;

import static io.redfleet.contracts.health.ReplicationRole.MASTER;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.alert.Story;
import io.redfleet.alert.delivery.Receiver;
import io.redfleet.alert.edge.webhook.Addresses;
import io.redfleet.alert.edge.webhook.Secret;
import io.redfleet.alert.edge.webhook.Webhook;
import io.redfleet.alert.notice.HoldDown;
import io.redfleet.alert.route.ReceiverName;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.Codec;
import io.redfleet.bus.topics.Topic;
import io.redfleet.bus.topics.TopicAdmin;
import io.redfleet.contracts.alert.Incident.State;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.TestBroker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("peer")
class WebhookTest {
    private static final String R1 = "r1/redis-server";
    private static final ReceiverName PAGER = new ReceiverName("pager");

    /** Each test has an empty database, and reads the bus from its beginning. */
    @BeforeAll
    static void anEmptyBus() throws Exception {
        TestBroker broker = TestBroker.shared();
        try (Admin admin = Admin.create(new BusSettings(broker.bootstrap(), "clear", broker.admin()).common())) {
            new TopicAdmin(admin, Duration.ofSeconds(20)).create();
            admin.deleteRecords(IntStream.range(0, Topic.PARTITIONS)
                            .mapToObj(number -> new TopicPartition(Topic.EVENTS.fullName(), number))
                            .collect(Collectors.toMap(Function.identity(), all -> RecordsToDelete.beforeOffset(-1))))
                    .all()
                    .get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aReceiverThatFailsTwiceTakesEachNoticeOnceAndInOrder() throws Exception {
        try (Pager pager = Pager.failing(2, 503);
                Rig rig = rig(pager, Duration.ofSeconds(5)).started()) {
            Story story = new Story(Rig.cluster("paged"), "1").startingAt(Instant.now());
            String cluster = story.cluster().value();
            rig.send(story.down(R1, MASTER));
            Await.until("the first notice", Rig.SOON, () -> pager.effects().size() == 1);
            rig.send(story.failoverStarted(), story.completed(), story.up(R1));
            rig.awaitIncident(cluster, "the end", it -> it.state() == State.RESOLVED);
            Await.until("the last notice", Rig.SOON, () -> pager.kinds().contains("resolved"));

            assertThat(pager.kinds()).startsWith("first").endsWith("resolved").doesNotHaveDuplicates();
            assertThat(pager.requests())
                    .hasSizeGreaterThanOrEqualTo(pager.effects().size() + 2);
            Pager.Request first = pager.requests().getFirst();
            assertThat(pager.requests().stream().filter(it -> it.key().equals(first.key())))
                    .hasSize(3)
                    .allMatch(it -> it.body().equals(first.body()));
            assertThat(first.authorization()).isEqualTo("Bearer s3cret");
            Await.until(
                    "what was said of it",
                    Rig.SOON,
                    () -> rig.saidTypes(cluster).stream()
                                    .filter("notification.sent"::equals)
                                    .count()
                            == pager.effects().size());
            // Two failures for the same reason are one piece of news.
            assertThat(rig.saidTypes(cluster).stream().filter("notification.failed"::equals))
                    .hasSize(1);
        }
    }

    @Test
    void theLastNoticeTellsTheWholeStory() throws Exception {
        try (Pager pager = Pager.failing(0, 0);
                Rig rig = rig(pager, Duration.ofSeconds(5)).started()) {
            Story story = new Story(Rig.cluster("told"), "1").startingAt(Instant.now());
            rig.send(story.down(R1, MASTER));
            Await.until("the first notice", Rig.SOON, () -> pager.effects().size() == 1);
            rig.send(story.failoverStarted(), story.switched(), story.completed(), story.up(R1));
            Await.until("the last notice", Rig.SOON, () -> pager.kinds().contains("resolved"));
            assertThat(types(pager.effects().getLast()))
                    .containsExactly(
                            "io.redfleet.instance.down.v1",
                            "io.redfleet.failover.started.v1",
                            "io.redfleet.failover.switched.v1",
                            "io.redfleet.failover.completed.v1",
                            "io.redfleet.instance.up.v1");
        }
    }

    @Test
    void whatMendsItselfWithinTheHoldDownReachesNobody() throws Exception {
        try (Pager pager = Pager.failing(0, 0);
                Rig rig = holding(pager, Duration.ofSeconds(5)).started()) {
            Story story = new Story(Rig.cluster("brief"), "1").startingAt(Instant.now());
            String cluster = story.cluster().value();
            rig.send(story.down(R1, MASTER), story.up(R1));
            Await.until(
                    "that it was withheld",
                    Rig.SOON,
                    () -> rig.saidTypes(cluster).contains("notification.withheld"));
            assertThat(pager.requests()).isEmpty();
        }
    }

    @Test
    void aReceiverThatHangsIsTriedAgainAfterItsDeadline() throws Exception {
        try (Pager pager = Pager.hangingOnce();
                Rig rig = rig(pager, Duration.ofMillis(500)).started()) {
            Story story = new Story(Rig.cluster("hung"), "1").startingAt(Instant.now());
            rig.send(story.down(R1, MASTER));
            Await.until("the first notice", Rig.SOON, () -> pager.effects().size() == 1);
            assertThat(pager.requests()).hasSize(2);
        }
    }

    @Test
    void aRedirectIsNotFollowedAndGivenUp() throws Exception {
        try (Pager pager = Pager.failing(1000, 302);
                Rig rig = rig(pager, Duration.ofSeconds(5)).started()) {
            Story story = new Story(Rig.cluster("moved"), "1").startingAt(Instant.now());
            String cluster = story.cluster().value();
            rig.send(story.down(R1, MASTER));
            Await.until(
                    "that it was given up",
                    Rig.SOON,
                    () -> rig.saidTypes(cluster).contains("notification.failed"));
            assertThat(pager.requests()).hasSize(1);
            assertThat(rig.column("select state from delivery where cluster = '" + cluster + "'"))
                    .containsExactly("GIVEN_UP");
        }
    }

    @Test
    void aLoopbackReceiverIsRefusedUnlessASettingAllowsIt() throws Exception {
        try (Pager pager = Pager.failing(0, 0)) {
            Receiver strict =
                    new Webhook(new Webhook.Target(pager.url(), null, Duration.ofSeconds(5)), new Addresses(false));
            try (Rig rig = new Rig(TestPostgres.shared().database(), Map.of(PAGER, strict)).started()) {
                Story story = new Story(Rig.cluster("strict"), "1").startingAt(Instant.now());
                String cluster = story.cluster().value();
                rig.send(story.down(R1, MASTER));
                Await.until(
                        "that it was given up",
                        Rig.SOON,
                        () -> rig.saidTypes(cluster).contains("notification.failed"));
                assertThat(pager.requests()).isEmpty();
            }
        }
    }

    private static Rig rig(Pager pager, Duration deadline) {
        return new Rig(TestPostgres.shared().database(), receivers(pager, deadline));
    }

    /** Nothing is told before {@code hold} is over, longer than a slow machine takes from one record to the next. */
    private static Rig holding(Pager pager, Duration hold) {
        return new Rig(
                TestBroker.shared(),
                TestPostgres.shared().database(),
                receivers(pager, Duration.ofSeconds(5)),
                new HoldDown(hold, hold, Duration.ofMinutes(10), Duration.ofMinutes(5)));
    }

    private static Map<ReceiverName, Receiver> receivers(Pager pager, Duration deadline) {
        var target = new Webhook.Target(pager.url(), new Secret("s3cret"), deadline);
        return Map.of(PAGER, new Webhook(target, new Addresses(true)));
    }

    private static List<String> types(String body) throws JsonProcessingException {
        JsonNode story = Codec.mapper().readTree(body).path("story");
        return story.valueStream().map(line -> line.path("type").asText()).toList();
    }
}
