package io.redfleet.bus;

import io.redfleet.bus.topics.ClusterPartitioner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * How to reach the broker, and the settings that every client shares.
 *
 * @param bootstrap {@code host:port,...}
 * @param instance this process's lasting name, as {@code monitor-0}: its static membership
 * @param security client settings for authentication and TLS, never shown; empty for a plain listener
 */
public record BusSettings(String bootstrap, String instance, Map<String, String> security) {
    /** A member is given up for dead after this long without a heartbeat; the broker's own minimum. */
    public static final Duration SESSION = Duration.ofSeconds(6);

    public BusSettings {
        security = Map.copyOf(security);
    }

    /** Without a login, for a broker that asks for none. */
    public static BusSettings of(String bootstrap, String instance) {
        return new BusSettings(bootstrap, instance, Map.of());
    }

    /**
     * With the login of a file.
     *
     * @throws IllegalStateException if the file is not as {@link ClientFile} wants it; the message says what to do
     */
    public static BusSettings of(String bootstrap, String instance, Path login) {
        return new BusSettings(bootstrap, instance, ClientFile.read(login));
    }

    @Override
    public String toString() {
        return instance + " at " + bootstrap;
    }

    /**
     * A producer that repeats nothing, reorders nothing and waits for all replicas.
     *
     * @param delivery how long a record may stay unacknowledged before its send fails
     */
    public Map<String, Object> producer(Duration delivery) {
        Map<String, Object> settings = common();
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.PARTITIONER_CLASS_CONFIG, ClusterPartitioner.class);
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        // Enough for 8,000 records of 1 KiB in flight; a caller that waits for acks never comes near.
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 8L * 1024 * 1024);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 2_000);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) Math.min(5_000, delivery.toMillis()));
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) delivery.toMillis());
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 1_000_000);
        // By default a topic without traffic for 5 min is forgotten, and the first send after that needs a broker at
        // once:
        // the very moment at which a cluster dies may be the one at which the broker is away.
        settings.put(
                ProducerConfig.METADATA_MAX_IDLE_CONFIG, Duration.ofDays(365).toMillis());
        return settings;
    }

    /** A reader that is assigned its partitions by hand and keeps no offsets on the broker. */
    public Map<String, Object> reader() {
        Map<String, Object> settings = common();
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        // A reader holds at most this much per fetch; the default of 50 MiB would not fit our heaps.
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 8 * 1024 * 1024);
        return settings;
    }

    /** A static member of a group: back within a session after a crash, at once after a restart. */
    public Map<String, Object> member(String group) {
        Map<String, Object> settings = reader();
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        settings.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, instance);
        settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int) SESSION.toMillis());
        settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, (int)
                SESSION.dividedBy(4).toMillis());
        settings.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        return settings;
    }

    /** What every client of this process uses to reach the broker, the admin client included. */
    public Map<String, Object> common() {
        Map<String, Object> settings = new HashMap<>(security);
        settings.put("bootstrap.servers", bootstrap);
        settings.put("client.id", instance);
        settings.put("reconnect.backoff.ms", 100);
        settings.put("reconnect.backoff.max.ms", 1_000);
        return settings;
    }
}
