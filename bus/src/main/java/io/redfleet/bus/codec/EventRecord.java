package io.redfleet.bus.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.event.About;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.EventTypes;
import io.redfleet.contracts.event.Fact;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An event as it lies on the bus: CloudEvents attributes and a JSON object. A type of a later release reads well, only
 * {@link #fact()} is empty for it.
 */
public record EventRecord(String id, String type, String source, String subject, Instant time, ObjectNode data) {

    public static EventRecord of(Fact fact) {
        ObjectNode data = Codec.mapper().valueToTree(fact.event());
        data.setAll((ObjectNode) Codec.mapper().valueToTree(fact.about()));
        return new EventRecord(
                fact.id(),
                EventTypes.wireName(fact.event()),
                EventTypes.writer(fact.event().getClass()).source(),
                fact.about().subject(),
                fact.at(),
                data);
    }

    /** The Kafka key: the cluster, or {@code _fleet}. */
    public String key() {
        int slash = subject.indexOf('/');
        return slash < 0 ? subject : subject.substring(0, slash);
    }

    /** The headers of binary mode, in the Kafka protocol binding of CloudEvents 1.0. */
    public Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("ce_specversion", "1.0");
        headers.put("ce_id", id);
        headers.put("ce_type", type);
        headers.put("ce_source", source);
        headers.put("ce_subject", subject);
        headers.put("ce_time", time.toString());
        headers.put("ce_partitionkey", key());
        headers.put("content-type", "application/json");
        return headers;
    }

    public byte[] body() {
        return Codec.bytes(data);
    }

    public BusMessage message() {
        return new BusMessage(Topic.EVENTS, key(), headers(), body());
    }

    /** Reads what {@link #headers()} and {@link #body()} wrote, here or in another language. */
    public static EventRecord read(Map<String, String> headers, byte[] body) throws Unreadable {
        try {
            JsonNode tree = Codec.mapper().readTree(body);
            if (!(tree instanceof ObjectNode data)) {
                throw new Unreadable("the data of an event is a JSON object");
            }
            Instant time = Instant.parse(attribute(headers, "ce_time"));
            if (!Times.holds(time)) {
                throw new Unreadable("ce_time is no RFC 3339 time");
            }
            return new EventRecord(
                    attribute(headers, "ce_id"),
                    attribute(headers, "ce_type"),
                    attribute(headers, "ce_source"),
                    attribute(headers, "ce_subject"),
                    time,
                    data);
        } catch (DateTimeParseException e) {
            throw new Unreadable("ce_time is no RFC 3339 time", e);
        } catch (IOException e) {
            throw new Unreadable("the data of an event is JSON; this of " + body.length + " bytes is not", e);
        }
    }

    /** The fact in its own record; empty for a type that this release does not know. */
    public Optional<Fact> fact() throws Unreadable {
        Optional<Class<? extends Event>> known = EventTypes.byWireName(type);
        if (known.isEmpty()) {
            return Optional.empty();
        }
        About about = Codec.read(data, About.class);
        Event event = Codec.read(data, known.get());
        return Optional.of(new Fact(id, time, about, event));
    }

    private static String attribute(Map<String, String> headers, String name) throws Unreadable {
        String value = headers.get(name);
        if (value == null || value.isEmpty()) {
            throw new Unreadable("the event has no " + name);
        }
        return value;
    }

    @Override
    public String toString() {
        return type + " " + subject + " " + id + " " + new String(body(), UTF_8);
    }
}
