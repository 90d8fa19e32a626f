package io.redfleet.bus.contract;

import com.fasterxml.classmate.ResolvedType;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.CustomDefinitionProviderV2;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import io.redfleet.bus.codec.Codec;
import io.redfleet.contracts.cluster.Word;
import io.redfleet.contracts.event.About;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * JSON Schemas of the records as the codec writes them. Open: a field that is not named here is allowed. A component that is
 * not {@code @Nullable} is required; one that is may be null or missing.
 */
final class Schemas {
    private static final List<Class<?>> CHOICES = List.of(Request.class, Outcome.Result.class);

    private final Told told;
    private final SchemaGenerator generator;

    Schemas(Told told) {
        this.told = told;
        SchemaGeneratorConfigBuilder config = new SchemaGeneratorConfigBuilder(
                        Codec.mapper(), SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                .with(Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES);
        config.forTypesInGeneral()
                .withCustomDefinitionProvider(Schemas::scalar)
                .withCustomDefinitionProvider(new Cases())
                .withSubtypeResolver((type, context) -> CHOICES.contains(type.getErasedType())
                        ? leaves(type.getErasedType()).stream()
                                .map(leaf -> context.getTypeContext().resolveSubtype(type, leaf))
                                .toList()
                        : null);
        config.forFields()
                .withRequiredCheck(field -> !nullable(field))
                .withNullableCheck(Schemas::nullable)
                .withDescriptionResolver(this::description);
        this.generator = new SchemaGenerator(config.build());
    }

    ObjectNode of(Carried carried) {
        ObjectNode made = generator.generateSchema(carried.type());
        if (carried.isEvent()) {
            merge(made, generator.generateSchema(About.class));
        }
        ObjectNode schema = made.objectNode();
        schema.set("$schema", made.get("$schema"));
        schema.put("$id", "urn:redfleet:schema:" + carried.title());
        schema.put("title", carried.title());
        String description = told.of(carried.type());
        if (description != null) {
            schema.put("description", description);
        }
        made.properties().forEach(field -> schema.putIfAbsent(field.getKey(), field.getValue()));
        return schema;
    }

    /** The data of an event is one object: its own fields and those of {@link About}. */
    private static void merge(ObjectNode event, ObjectNode about) {
        ObjectNode properties = event.withObjectProperty("properties");
        about.path("properties").properties().forEach(field -> {
            if (properties.has(field.getKey())) {
                throw new IllegalStateException("an event has a field of its own called " + field.getKey());
            }
            properties.set(field.getKey(), field.getValue());
        });
        ArrayNode required = event.withArrayProperty("required");
        about.path("required").forEach(required::add);
        ObjectNode definitions = event.withObjectProperty("$defs");
        about.path("$defs").properties().forEach(each -> definitions.set(each.getKey(), each.getValue()));
        if (definitions.isEmpty()) {
            event.remove("$defs");
        }
    }

    /** What the record says of it; else what its own type says. */
    private @Nullable String description(FieldScope field) {
        if (field.isFakeContainerItemScope()) {
            return null;
        }
        if (CHOICES.contains(field.getRawMember().getType())) {
            // Each of its cases says what it is.
            return null;
        }
        String said = told.of(field.getRawMember().getDeclaringClass(), field.getName());
        return said == null ? told.of(field.getRawMember().getType()) : said;
    }

    private static boolean nullable(FieldScope field) {
        return !field.isFakeContainerItemScope()
                && field.getRawMember().getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private static @Nullable CustomDefinition scalar(ResolvedType type, SchemaGenerationContext context) {
        ObjectNode text = Codec.mapper().createObjectNode().put("type", "string");
        if (type.getErasedType() == Instant.class) {
            text.put("format", "date-time");
        } else if (type.getErasedType() == Duration.class) {
            // Not the format "duration": that of JSON Schema knows no fractions of a second.
            text.put("pattern", "^PT(-?[0-9]+H)?(-?[0-9]+M)?(-?[0-9]+([.][0-9]+)?S)?$");
        } else if (!Word.class.isAssignableFrom(type.getErasedType())) {
            return null;
        }
        return new CustomDefinition(
                text, CustomDefinition.DefinitionType.INLINE, CustomDefinition.AttributeInclusion.YES);
    }

    private static List<Class<?>> leaves(Class<?> sealedType) {
        List<Class<?>> leaves = new ArrayList<>();
        for (Class<?> permitted : sealedType.getPermittedSubclasses()) {
            if (permitted.isSealed()) {
                leaves.addAll(leaves(permitted));
            } else {
                leaves.add(permitted);
            }
        }
        return leaves;
    }

    /** A case of a closed choice says which one it is. */
    private final class Cases implements CustomDefinitionProviderV2 {
        @Override
        public @Nullable CustomDefinition provideCustomSchemaDefinition(
                ResolvedType type, SchemaGenerationContext context) {
            Class<?> raw = type.getErasedType();
            if (!raw.isRecord() || CHOICES.stream().noneMatch(choice -> choice.isAssignableFrom(raw))) {
                return null;
            }
            ObjectNode made = context.createStandardDefinition(type, this);
            String name = raw.getSimpleName();
            made.withObjectProperty("properties")
                    .putObject("type")
                    .put("const", Character.toLowerCase(name.charAt(0)) + name.substring(1));
            made.withArrayProperty("required").add("type");
            String description = told.of(raw);
            if (description != null) {
                made.put("description", description);
            }
            return new CustomDefinition(made);
        }
    }
}
