package io.redfleet.gateway.edge.rest;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redfleet.contracts.wire.Problem;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads request bodies: bounded, in UTF-8, and strict, with the place of an error. */
final class Bodies {
    static final int MOST_BYTES = 1024 * 1024;
    /**
     * What fits a record of the bus (1,000,000 bytes) beside the rest of an order. A spec of 500 hosts takes about
     * 200,000.
     */
    static final int MOST_PACKED = 950_000;

    /**
     * Keys, values and brackets of one body: each costs some hundred bytes once it is a tree, however short it was.
     * A spec of 500 hosts has about 30,000.
     */
    static final int MOST_PARTS = 50_000;

    private static final int DEEPEST = 50;
    /** Trees that stand at once: two of the largest take 40 MiB. What waits is text, 1 MiB each. */
    private static final Turns TURNS = new Turns(2, Duration.ofSeconds(2));

    private static final JsonMapper STRICT = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Bodies() {}

    /** What is made of a document in JSON or YAML; the document itself must not outlive the call. */
    static <T> T document(InputStream body, @Nullable MediaType type, Function<ObjectNode, T> made) {
        String text = text(body);
        boolean yaml = type != null && type.getSubtype().contains("yaml");
        return TURNS.take(() -> {
            if ((yaml ? YamlText.parse(text) : json(text)) instanceof ObjectNode object) {
                return made.apply(object);
            }
            throw ProblemException.bad("The body has to be one object");
        });
    }

    /** What is made of a small JSON object, as above; an empty body is an empty one. */
    static <T> T object(InputStream body, Function<ObjectNode, T> made) {
        String text = text(body);
        if (text.isBlank()) {
            return made.apply(STRICT.createObjectNode());
        }
        return TURNS.take(() -> {
            if (json(text) instanceof ObjectNode object) {
                return made.apply(object);
            }
            throw ProblemException.bad("The body has to be one JSON object");
        });
    }

    /** The text of the only field that a small body may have; empty where it is left out. */
    static String only(InputStream body, String field) {
        return object(body, wish -> {
            known(wish, List.of(field));
            return text(wish, field);
        });
    }

    /** Refuses a field that the call does not have: passed over, a misspelled one would be taken for left out. */
    static void known(ObjectNode body, List<String> fields) {
        body.properties().forEach(field -> {
            if (!fields.contains(field.getKey())) {
                String rule = "not a field; known here: " + String.join(", ", fields);
                throw ProblemException.broken(field.getKey(), shown(field.getValue()), rule);
            }
        });
    }

    /** A string; empty where it is left out or null. */
    static String text(ObjectNode body, String field) {
        JsonNode value = body.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        if (!value.isTextual()) {
            throw ProblemException.broken(field, shown(value), "a string");
        }
        return value.textValue();
    }

    private static String shown(JsonNode value) {
        return value.isTextual() ? value.textValue() : value.toString();
    }

    /** The document as it travels in an order: compact JSON, which the order's own JSON quotes once more. */
    static String packed(ObjectNode document) {
        String text = document.toString();
        int quoted = STRICT.createObjectNode().textNode(text).toString().getBytes(StandardCharsets.UTF_8).length;
        if (quoted > MOST_PACKED) {
            throw tooLarge();
        }
        return text;
    }

    private static JsonNode json(String text) {
        try {
            count(text);
            JsonNode tree = STRICT.readTree(text);
            if (tree == null || tree.isMissingNode()) {
                throw ProblemException.bad("The body is empty");
            }
            return tree;
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            String place = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw malformed("JSON", firstLine(e.getOriginalMessage()) + place);
        }
    }

    /** Before a tree is made of it. */
    private static void count(String text) throws JsonProcessingException {
        try (JsonParser parser = STRICT.createParser(text)) {
            for (int parts = 0; parser.nextToken() != null; parts++) {
                if (parts >= MOST_PARTS) {
                    throw tooMany();
                }
            }
        } catch (JsonProcessingException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException("a text has no end that comes early", e);
        }
    }

    static ProblemException tooMany() {
        return new ProblemException(Problem.of(
                413, Problems.title(413), "The body has more than " + MOST_PARTS + " keys, values and brackets"));
    }

    static ProblemException malformed(String language, String detail) {
        return new ProblemException(Problem.of(400, "Malformed " + language, detail));
    }

    private static String firstLine(String message) {
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }

    private static String text(InputStream body) {
        try {
            byte[] bytes = body.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw tooLarge();
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw ProblemException.bad("The body is not UTF-8");
        } catch (IOException e) {
            throw ProblemException.bad("The body ended early");
        }
    }

    static ProblemException tooLarge() {
        return new ProblemException(
                Problem.of(413, Problems.title(413), "The body is larger than " + MOST_BYTES + " bytes"));
    }
}
