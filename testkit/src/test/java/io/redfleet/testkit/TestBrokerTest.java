package io.redfleet.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;

class TestBrokerTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    @Execution(CONCURRENT)
    void anAcknowledgedRecordOutlivesAKilledBroker() throws Exception {
        try (TestBroker broker = TestBroker.start()) {
            try (Admin admin = admin(broker)) {
                admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1)))
                        .all()
                        .get(30, TimeUnit.SECONDS);
            }
            produce(broker, "kept", "before");
            broker.kill9();
            broker.restart();
            produce(broker, "kept", "after");
            assertThat(consume(broker, "kept", 2)).containsExactly("before", "after");
        }
    }

    /** All others of this build start the quicker for it. */
    @Test
    @Execution(CONCURRENT)
    void whatABrokerThatEndsInGoodOrderHasLoadedIsKeptForTheNext() {
        try (TestBroker broker = TestBroker.start()) {
            broker.stop();
            assertThat(broker.alive()).isFalse();
            assertThat(TestBroker.classes()).isNotEmptyFile();
        }
    }

    @Test
    void noTopicComesIntoBeingByAccident() {
        try (Admin admin = admin(TestBroker.shared())) {
            assertThatThrownBy(() -> admin.describeTopics(List.of("misspelt"))
                            .allTopicNames()
                            .get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
        }
    }

    @Test
    void theSharedBrokerCannotBeKilled() {
        TestBroker broker = TestBroker.shared();
        assertThat(broker).isSameAs(TestBroker.shared());
        assertThatThrownBy(broker::kill9).isInstanceOf(IllegalStateException.class);
    }

    private static Admin admin(TestBroker broker) {
        return Admin.create(client(broker, Map.of()));
    }

    private static Map<String, Object> client(TestBroker broker, Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(broker.admin());
        config.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrap());
        config.putAll(more);
        return config;
    }

    private static void produce(TestBroker broker, String topic, String value) throws Exception {
        Map<String, Object> config = client(broker, Map.of(ProducerConfig.ACKS_CONFIG, "all"));
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, "key", value)).get(30, TimeUnit.SECONDS);
        }
    }

    private static List<String> consume(TestBroker broker, String topic, int count) {
        Map<String, Object> config = client(
                broker,
                Map.of(ConsumerConfig.GROUP_ID_CONFIG, "reader", ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"));
        List<String> values = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            return Await.value(count + " records", LONG, () -> {
                consumer.poll(Duration.ofMillis(100)).forEach(seen -> values.add(seen.value()));
                return values.size() >= count ? Optional.of(values) : Optional.empty();
            });
        }
    }
}
