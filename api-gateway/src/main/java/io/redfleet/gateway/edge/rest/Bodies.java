package io.redfleet.gateway.edge.rest;

import com.fasterxml.jackson.core.JsonLocation;
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
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads request bodies: bounded, in UTF-8, and strict, with the place of an error. */
final class Bodies {
    static final int MOST_BYTES = 1024 * 1024;
    /**
     * What fits a record of the bus (1,000,000 bytes) beside the rest of an order. A spec of 500 hosts takes about
     * 200,000.
     */
    static final int MOST_PACKED = 950_000;

    private static final int DEEPEST = 50;

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

    /** A spec in JSON or YAML. */
    static ObjectNode document(InputStream body, @Nullable MediaType type) {
        String text = text(body);
        boolean yaml = type != null && type.getSubtype().contains("yaml");
        JsonNode tree = yaml ? YamlText.parse(text) : json(text);
        if (tree instanceof ObjectNode object) {
            return object;
        }
        throw ProblemException.bad("The body has to be one object");
    }

    /** A small JSON object; an empty body is an empty one. */
    static ObjectNode object(InputStream body) {
        String text = text(body);
        if (text.isBlank()) {
            return STRICT.createObjectNode();
        }
        if (json(text) instanceof ObjectNode object) {
            return object;
        }
        throw ProblemException.bad("The body has to be one JSON object");
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
