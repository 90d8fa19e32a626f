package io.redfleet.bus.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.redfleet.contracts.access.SealedSecret;
import io.redfleet.contracts.access.TokenRecord;
import io.redfleet.contracts.alert.Incident;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.report.HostReport;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

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

    /** The records that say a schema, and the newest of each that this release reads. */
    private static final Map<Class<?>, Integer> SCHEMAS = Map.of(
            ClusterState.class, ClusterState.SCHEMA,
            OperationState.class, OperationState.SCHEMA,
            HostFacts.class, HostFacts.SCHEMA,
            HostReport.class, HostReport.SCHEMA,
            ClusterHealth.class, ClusterHealth.SCHEMA,
            FleetBrake.class, FleetBrake.SCHEMA,
            Incident.class, Incident.SCHEMA,
            TokenRecord.class, TokenRecord.SCHEMA,
            SealedSecret.class, SealedSecret.SCHEMA);

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

    /** Refuses a record whose {@code schema} is of a later release: what it says must not be guessed. */
    public static <T> T read(byte[] bytes, Class<T> type) throws Unreadable {
        try {
            Integer known = SCHEMAS.get(type);
            T value;
            if (known == null) {
                value = MAPPER.readValue(bytes, type);
            } else {
                // Before its fields: those of a later schema may mean something else, or have another form.
                JsonNode tree = MAPPER.readTree(bytes);
                notNewer(tree, known);
                value = MAPPER.treeToValue(tree, type);
            }
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

    private static void notNewer(JsonNode tree, int known) throws Unreadable {
        int schema = tree.path("schema").asInt();
        if (schema > known) {
            throw new Unreadable.Newer(schema, known);
        }
    }

    /** A field of a record that may not be readable as a whole; empty if it is not there, or is no string. */
    static Optional<String> word(byte[] bytes, String field) {
        try {
            return Optional.ofNullable(MAPPER.readTree(bytes).path(field).textValue());
        } catch (IOException e) {
            return Optional.empty();
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
