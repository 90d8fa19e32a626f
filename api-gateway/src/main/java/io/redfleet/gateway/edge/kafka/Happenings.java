package io.redfleet.gateway.edge.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Codec;
import io.redfleet.bus.codec.EventRecord;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.gateway.live.Happening;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Events from the bus in the shape that REST gives them. */
public final class Happenings {
    private static final List<String> LIFTED = List.of("cluster", "instance", "reason", "correlation", "actor");
    private static final String PREFIX = "io.redfleet.";
    private static final String SUFFIX = ".v1";

    private Happenings() {}

    public static Happening of(BusRecord record) throws Unreadable {
        EventRecord event = record.event();
        String json = new String(Codec.bytes(item(event)), StandardCharsets.UTF_8);
        String uid = event.data().path("uid").asText();
        return new Happening(record.partition(), record.offset(), event.key(), uid, shortName(event.type()), json);
    }

    /** The event as one flat object; what everybody asks for is lifted out of its data. */
    static ObjectNode item(EventRecord event) {
        ObjectNode item = Codec.mapper().createObjectNode();
        item.put("id", event.id());
        item.put("type", shortName(event.type()));
        item.put("time", event.time().toString());
        item.put("source", event.source());
        item.put("subject", event.subject());
        for (String field : LIFTED) {
            JsonNode value = event.data().get(field);
            item.set(field, value == null ? item.nullNode() : value);
        }
        item.set("data", event.data());
        return item;
    }

    static String shortName(String type) {
        return type.startsWith(PREFIX) && type.endsWith(SUFFIX)
                ? type.substring(PREFIX.length(), type.length() - SUFFIX.length())
                : type;
    }
}
