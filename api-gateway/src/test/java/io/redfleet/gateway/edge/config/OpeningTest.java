package io.redfleet.gateway.edge.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.topics.Topic;
import io.redfleet.bus.topics.TopicAdmin;
import io.redfleet.gateway.edge.kafka.Acknowledged;
import io.redfleet.gateway.edge.kafka.BusReading;
import io.redfleet.gateway.edge.kafka.EventTopic;
import io.redfleet.gateway.edge.kafka.PassedOver;
import io.redfleet.gateway.edge.kafka.PastEvents;
import io.redfleet.gateway.edge.kafka.StateViews;
import io.redfleet.gateway.edge.kafka.TokenTopic;
import io.redfleet.gateway.live.Hub;
import io.redfleet.gateway.order.Tickets;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.TestBroker;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bus that was set up by somebody else. */
class OpeningTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path home;

    @Test
    void itIsNotOpenBeforeEveryTopicHasThePartitionsThatItMustHave() throws Exception {
        try (TestBroker broker = TestBroker.start();
                Admin admin = Admin.create(new BusSettings(broker.bootstrap(), "admin", broker.admin()).common())) {
            admin.createTopics(List.of(new NewTopic(Topic.QUIET.fullName(), 3, (short) 1)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
            new TopicAdmin(admin, LONG).create();
            BusSettings settings = BusSettings.of(broker.bootstrap(), "gateway-7", broker.login("gateway"));
            StateViews views = new StateViews();
            try (BusProducer producer = new BusProducer(settings, Duration.ofSeconds(10));
                    BusReading reading = reading(settings, views, producer)) {
                Opening opening = opening(settings, views, producer, reading);
                Thread way = Thread.ofPlatform().daemon().start(opening);
                String fault = "topics are not as they should be: topic redfleet.quiet.v1 has 3 partitions, not 12";
                Await.until("what is wrong", LONG, () -> opening.standing().equals(fault));
                assertThat(opening.open()).isFalse();

                admin.createPartitions(Map.of(Topic.QUIET.fullName(), NewPartitions.increaseTo(Topic.PARTITIONS)))
                        .all()
                        .get(20, TimeUnit.SECONDS);

                Await.until("an open gateway", LONG, opening::open);
                assertThat(way.join(LONG)).isTrue();
            }
        }
    }

    private static BusReading reading(BusSettings settings, StateViews views, BusProducer producer) {
        PassedOver unread = new PassedOver(producer, settings.instance(), InstantSource.system());
        Hub hub = new Hub(new PastEvents(settings, unread));
        return new BusReading(settings, new BusReading.Readers(views, new Tickets(), hub, unread), Instant.now());
    }

    private Opening opening(BusSettings settings, StateViews views, BusProducer producer, BusReading reading) {
        SecureRandom random = new SecureRandom();
        Acknowledged bus = new Acknowledged(producer::send, reading::silence);
        TokenTopic topic = new TokenTopic(bus, reading);
        Opening.Tokens tokens = new Opening.Tokens(new Home(home, random), topic, new EventTopic(bus), random);
        return new Opening(settings, reading, views, tokens, InstantSource.system());
    }
}
