package io.redfleet.bus.codec;

import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.event.Fact;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A record on its way to the bus. The bytes are shared, not copied: nobody changes them. */
public final class BusMessage {
    private final Topic topic;
    private final String key;
    private final Map<String, String> headers;
    private final byte @Nullable [] value;

    public BusMessage(Topic topic, String key, Map<String, String> headers, byte @Nullable [] value) {
        this.topic = Objects.requireNonNull(topic);
        this.key = Objects.requireNonNull(key);
        this.headers = Map.copyOf(headers);
        this.value = value;
    }

    /** A state record, order, outcome or remediation. */
    public static BusMessage of(Topic topic, String key, Object record) {
        return new BusMessage(topic, key, Map.of(), Codec.bytes(record));
    }

    /** An event in CloudEvents binary mode. */
    public static BusMessage of(Fact fact) {
        return EventRecord.of(fact).message();
    }

    /** Ends a key of a state topic. */
    public static BusMessage tombstone(Topic topic, String key) {
        return new BusMessage(topic, key, Map.of(), null);
    }

    public Topic topic() {
        return topic;
    }

    public String key() {
        return key;
    }

    public Map<String, String> headers() {
        return headers;
    }

    /** Null for a tombstone. */
    public byte @Nullable [] value() {
        return value;
    }
}
