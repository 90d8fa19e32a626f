package io.redfleet.bus.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.redfleet.bus.BusSettings;
import io.redfleet.testkit.TestBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;

/** What is made on a real broker, and what is found wrong with what another has made there. */
@Tag("peer")
class TopicAdminTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    @Execution(CONCURRENT)
    void everyTopicIsMadeWithThePartitionsAndTheClockOfTheBroker() throws Exception {
        try (TestBroker broker = TestBroker.start();
                Admin admin = Admin.create(new BusSettings(broker.bootstrap(), "admin", broker.admin()).common())) {
            TopicAdmin topics = new TopicAdmin(admin, SOON);
            topics.create();

            assertThat(topics.faults()).isEmpty();
            List<ConfigResource> all = Stream.of(Topic.values())
                    .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic.fullName()))
                    .toList();
            Map<ConfigResource, Config> settings =
                    admin.describeConfigs(all).all().get(20, TimeUnit.SECONDS);
            assertThat(settings.values())
                    .hasSize(Topic.values().length)
                    .allSatisfy(config -> assertThat(
                                    config.get("message.timestamp.type").value())
                            .isEqualTo("LogAppendTime"));
        }
    }

    @Test
    @Execution(CONCURRENT)
    void aTopicThatIsMissingOrHasAnotherCountOfPartitionsIsAFaultAndIsLeftAsItIs() throws Exception {
        try (TestBroker broker = TestBroker.start();
                Admin admin = Admin.create(new BusSettings(broker.bootstrap(), "admin", broker.admin()).common())) {
            TopicAdmin topics = new TopicAdmin(admin, SOON);
            admin.createTopics(List.of(new NewTopic(Topic.QUIET.fullName(), 3, (short) 1)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
            assertThat(topics.faults())
                    .hasSize(Topic.values().length)
                    .contains(
                            "topic redfleet.quiet.v1 has 3 partitions, not 12", "topic redfleet.events.v1 is missing");

            topics.create();
            admin.createPartitions(Map.of(Topic.EVENTS.fullName(), NewPartitions.increaseTo(13)))
                    .all()
                    .get(20, TimeUnit.SECONDS);

            assertThat(topics.faults())
                    .containsExactlyInAnyOrder(
                            "topic redfleet.quiet.v1 has 3 partitions, not 12",
                            "topic redfleet.events.v1 has 13 partitions, not 12");
        }
    }
}
