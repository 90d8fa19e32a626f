package io.redfleet.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.topics.TopicAdmin;
import io.redfleet.testkit.TestBroker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class AuditTrailTest {
    @Test
    void theClustersEventsSinceAMomentAndNoOthers() throws Exception {
        TestBroker broker = TestBroker.shared();
        Map<String, Object> client = new HashMap<>(broker.admin());
        client.put("bootstrap.servers", broker.bootstrap());
        try (Admin admin = Admin.create(client)) {
            new TopicAdmin(admin, Duration.ofSeconds(30)).create();
        }
        Instant since = Instant.now();
        try (var producer = new KafkaProducer<>(client, new StringSerializer(), new StringSerializer())) {
            send(producer, "late", "trail-a", since.plusMillis(20));
            send(producer, "early", "trail-a", since.plusMillis(10));
            send(producer, "foreign", "trail-b", since.plusMillis(10));
            send(producer, "before", "trail-a", since.minusMillis(10));
        }
        assertThat(new AuditTrail(broker.bootstrap(), broker.login("consumer")).of("trail-a", since))
                .extracting(AuditTrail.Line::id)
                .containsExactly("early", "late");
    }

    private static void send(KafkaProducer<String, String> producer, String id, String cluster, Instant at)
            throws Exception {
        var event = new ProducerRecord<>("redfleet.events.v1", cluster, "{}");
        Map<String, String> headers = Map.of(
                "ce_id",
                id,
                "ce_type",
                "io.redfleet.instance.down.v1",
                "ce_time",
                at.toString(),
                "ce_subject",
                cluster);
        headers.forEach((name, value) -> event.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        producer.send(event).get(20, TimeUnit.SECONDS);
    }
}
