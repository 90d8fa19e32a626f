package io.redfleet.cli.screen;

import com.fasterxml.jackson.databind.JsonNode;

/** One value of an answer as text: an endpoint as {@code host:port}, what is absent as a dash. */
public final class Cell {
    private Cell() {}

    public static String text(JsonNode node) {
        if (node.has("host") && node.has("port")) {
            return node.path("host").asText() + ":" + node.path("port").asText();
        }
        String text = node.asText("");
        return text.isEmpty() || node.isNull() ? "-" : text;
    }
}
