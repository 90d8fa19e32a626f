package io.redfleet.cli.verb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redfleet.cli.gateway.Answer;
import io.redfleet.cli.gateway.Gateway;
import java.util.HashMap;
import java.util.Map;

/** Lists that come in pages, put together. */
public final class Pages {
    /** More than a person reads; a program that wants all asks page by page. */
    public static final int MOST = 1000;

    /** A page may be empty and not the last: what is outside of the token's scope is left out of it. */
    private static final int PAGES_MOST = 200;

    private Pages() {}

    /** Up to {@code limit} items under {@code items}; {@code next} stays set when there are more. */
    public static Answer upTo(int limit, Gateway gateway, String path, Map<String, String> query) {
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        Map<String, String> asked = new HashMap<>(query);
        for (int page = 1; ; page++) {
            asked.put("limit", String.valueOf(limit - items.size()));
            Answer answer = gateway.get(path, asked);
            if (!(answer instanceof Answer.Done done)) {
                return answer;
            }
            for (JsonNode item : done.body().path("items")) {
                items.add(item);
            }
            String next = done.body().path("next").asText("");
            boolean more = !next.isEmpty() && !next.equals("null") && !next.equals(asked.get("after"));
            if (!more || items.size() >= limit || page == PAGES_MOST) {
                ObjectNode all = JsonNodeFactory.instance.objectNode();
                all.set("items", items);
                all.put("next", more ? next : null);
                all.put("stale", done.body().path("stale").asBoolean());
                return new Answer.Done(done.status(), all);
            }
            asked.put("after", next);
        }
    }
}
