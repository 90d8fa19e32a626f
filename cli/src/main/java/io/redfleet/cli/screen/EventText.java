package io.redfleet.cli.screen;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.List;

/** An event as one line: when, what, where, why, and who if a person caused it. */
public final class EventText {
    private EventText() {}

    public static String line(JsonNode event) {
        String actor = actor(event);
        return String.format(
                "%s  %-24s %-28s %s%s",
                When.exact(event.path("time").asText("")),
                shortType(event.path("type").asText("")),
                event.path("subject").asText(event.path("cluster").asText("-")),
                event.path("reason").asText(""),
                actor.isEmpty() ? "" : "  (by " + actor + ")");
    }

    /** Lists come in the gateway's order; people read downwards in time. */
    public static List<JsonNode> oldestFirst(JsonNode items) {
        return items.valueStream()
                .sorted(Comparator.comparing(event -> event.path("time").asText("")))
                .toList();
    }

    public static String shortType(String type) {
        return type.replaceFirst("^io\\.redfleet\\.", "").replaceFirst("\\.v[0-9]+$", "");
    }

    private static String actor(JsonNode event) {
        JsonNode actor = event.path("actor");
        return actor.isObject()
                ? actor.path("name").asText("")
                : actor.asText("").replaceFirst("^null$", "");
    }
}
