package io.redfleet.provisioner.edge.kafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.codec.Codec;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What stands on the bus for a record that does not fit: the same record with its texts cut, and its lists if need be. */
final class Shortened {
    /** No id, name or path of ours is longer. */
    private static final int TEXT_CHARACTERS = 200;

    private static final int LIST_ITEMS = 50;
    /** Below what a producer of ours sends, 1,000,000 bytes, headers included. */
    private static final int MOST_BYTES = 900_000;

    private Shortened() {}

    static BusMessage of(BusMessage whole) {
        byte[] value = whole.value();
        if (value == null) {
            return whole;
        }
        try {
            JsonNode texts = cut(Codec.mapper().readTree(value), Integer.MAX_VALUE);
            byte[] bytes = bytes(texts);
            return new BusMessage(
                    whole.topic(),
                    whole.key(),
                    whole.headers(),
                    bytes.length <= MOST_BYTES ? bytes : bytes(cut(texts, LIST_ITEMS)));
        } catch (IOException e) {
            throw new UncheckedIOException("a record of ours is no JSON", e);
        }
    }

    /** The same refusal with fewer words; an answer that cannot be cut becomes a refusal. */
    static Outcome of(Outcome whole) {
        Problem problem = switch (whole.result()) {
            case Outcome.Refused refused -> refused.problem();
            case Outcome.Accepted accepted -> tooLarge();
            case Outcome.Answered answered -> tooLarge();
        };
        Outcome.Refused refused =
                new Outcome.Refused(Problem.of(problem.status(), problem.title(), cut(problem.detail())));
        return new Outcome(whole.command(), whole.cluster(), whole.at(), refused, List.of());
    }

    private static Problem tooLarge() {
        return Problem.of(413, "Too large", "the answer does not fit into a record of the bus");
    }

    private static byte[] bytes(JsonNode tree) throws JsonProcessingException {
        return Codec.mapper().writeValueAsBytes(tree);
    }

    private static JsonNode cut(JsonNode node, int items) {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : new ArrayList<>(object.properties())) {
                object.set(field.getKey(), cut(field.getValue(), items));
            }
            return object;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode kept = Codec.mapper().createArrayNode();
            for (int i = 0; i < Math.min(array.size(), items); i++) {
                kept.add(cut(array.get(i), items));
            }
            return kept;
        }
        return node.isTextual() ? TextNode.valueOf(cut(node.textValue())) : node;
    }

    private static String cut(String text) {
        return text.length() <= TEXT_CHARACTERS ? text : text.substring(0, TEXT_CHARACTERS) + "...";
    }
}
