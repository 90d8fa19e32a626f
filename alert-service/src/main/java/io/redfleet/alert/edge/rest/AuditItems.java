package io.redfleet.alert.edge.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redfleet.alert.audit.AuditEntry;
import io.redfleet.alert.audit.AuditPage;
import io.redfleet.bus.codec.Codec;
import java.util.List;

/** Entries in the shape that the gateway hands on: the same as that of the event stream. */
final class AuditItems {
    private static final String PREFIX = "io.redfleet.";
    private static final String SUFFIX = ".v1";
    private static final List<String> LIFTED = List.of("cluster", "instance", "reason", "correlation", "actor");

    private AuditItems() {}

    static ObjectNode of(AuditPage page) {
        ObjectNode body = Codec.mapper().createObjectNode();
        ArrayNode items = body.putArray("items");
        page.entries().forEach(entry -> items.add(item(entry)));
        body.put("next", page.next() == null ? null : page.next().text());
        return body;
    }

    private static ObjectNode item(AuditEntry entry) {
        ObjectNode item = Codec.mapper().createObjectNode();
        item.put("id", entry.id());
        item.put("type", shortName(entry.type()));
        item.put("time", entry.time().toString());
        item.put("source", entry.source());
        item.put("subject", entry.subject());
        JsonNode data = data(entry);
        for (String field : LIFTED) {
            JsonNode value = data.get(field);
            item.set(field, value == null ? item.nullNode() : value);
        }
        item.set("data", data);
        return item;
    }

    private static JsonNode data(AuditEntry entry) {
        try {
            return Codec.mapper().readTree(entry.data());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the data of an audit entry was JSON when it was kept", e);
        }
    }

    private static String shortName(String type) {
        return type.startsWith(PREFIX) && type.endsWith(SUFFIX)
                ? type.substring(PREFIX.length(), type.length() - SUFFIX.length())
                : type;
    }
}
