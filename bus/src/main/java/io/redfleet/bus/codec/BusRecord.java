package io.redfleet.bus.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.wire.Position;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** A record as it was read from the bus. The bytes are shared, not copied: nobody changes them. */
public final class BusRecord {
    private final Topic topic;
    private final int partition;
    private final long offset;
    private final Instant appendedAt;
    private final String key;
    private final Map<String, String> headers;
    private final byte @Nullable [] value;

    private BusRecord(Topic topic, ConsumerRecord<byte[], byte[]> record) {
        this.topic = topic;
        this.partition = record.partition();
        this.offset = record.offset();
        this.appendedAt = Instant.ofEpochMilli(record.timestamp());
        this.key = record.key() == null ? "" : new String(record.key(), UTF_8);
        Map<String, String> read = new LinkedHashMap<>();
        for (Header header : record.headers()) {
            read.put(header.key(), header.value() == null ? "" : new String(header.value(), UTF_8));
        }
        this.headers = read;
        this.value = record.value();
    }

    /** From a topic of the table; another topic is a bug of the caller. */
    public static BusRecord of(ConsumerRecord<byte[], byte[]> record) {
        Topic topic = Topic.byFullName(record.topic())
                .orElseThrow(() -> new IllegalStateException("not a topic of ours: " + record.topic()));
        return new BusRecord(topic, record);
    }

    public Topic topic() {
        return topic;
    }

    public int partition() {
        return partition;
    }

    public long offset() {
        return offset;
    }

    public Position position() {
        return new Position(topic.fullName(), partition, offset);
    }

    /** The broker's clock when it took the record. */
    public Instant appendedAt() {
        return appendedAt;
    }

    public String key() {
        return key;
    }

    /** The part of the key that names the cluster. */
    public String clusterKey() {
        int slash = key.indexOf('/');
        return slash < 0 ? key : key.substring(0, slash);
    }

    public boolean isTombstone() {
        return value == null;
    }

    /** The value as a record of {@code contracts}. A tombstone is unreadable: ask {@link #isTombstone()} first. */
    public <T> T as(Class<T> type) throws Unreadable {
        if (value == null) {
            throw new Unreadable("a tombstone where a " + type.getSimpleName() + " was expected");
        }
        return Codec.read(value, type);
    }

    /** The value and headers as an event. */
    public EventRecord event() throws Unreadable {
        if (value == null) {
            throw new Unreadable("an event without data");
        }
        return EventRecord.read(headers, value);
    }

    /** One string of a value that may be unreadable as a whole; empty if it is not there. */
    public Optional<String> word(String field) {
        return value == null ? Optional.empty() : Codec.word(value, field);
    }

    public Map<String, String> headers() {
        return Map.copyOf(headers);
    }

    /** Null for a tombstone. */
    public byte @Nullable [] value() {
        return value;
    }

    @Override
    public String toString() {
        return topic.fullName() + "-" + partition + "@" + offset + " " + key;
    }
}
