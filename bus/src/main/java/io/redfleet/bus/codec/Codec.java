package io.redfleet.bus.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;

/** Records of {@code contracts} to JSON and back. Thread-safe; the mapper is the same one for every user. */
public final class Codec {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .addModule(new Jdk8Module())
            .addModule(new WireModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private Codec() {}

    /** The mapper itself, for those that mix records with other JSON (REST answers). Not to be reconfigured. */
    public static JsonMapper mapper() {
        return MAPPER;
    }

    /** Never fails for a record of {@code contracts}. */
    public static byte[] bytes(Object record) {
        try {
            return MAPPER.writeValueAsBytes(record);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a " + record.getClass().getSimpleName() + " could not be written", e);
        }
    }

    public static <T> T read(byte[] bytes, Class<T> type) throws Unreadable {
        try {
            T value = MAPPER.readValue(bytes, type);
            if (value == null) {
                throw new Unreadable("no " + type.getSimpleName() + ": null");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new Unreadable("no " + type.getSimpleName() + ": " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new Unreadable("no " + type.getSimpleName(), e);
        }
    }

    static <T> T read(JsonNode tree, Class<T> type) throws Unreadable {
        try {
            return MAPPER.treeToValue(tree, type);
        } catch (JsonProcessingException e) {
            throw new Unreadable("no " + type.getSimpleName() + ": " + e.getOriginalMessage(), e);
        }
    }
}
