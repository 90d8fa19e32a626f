package io.redfleet.bus.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.redfleet.bus.codec.Codec;
import io.redfleet.testkit.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What lies under {@code docs} is what the code says. With {@code -Dredfleet.publish=true} it is written anew first (and the
 * goldens of today's form, which an editor then looks at before committing).
 */
class PublishedContractTest {
    private static final Path DOCS = Checkout.root().resolve("docs");
    private static final Path SCHEMAS = DOCS.resolve("schemas");
    private static final Map<String, ObjectNode> MADE = schemas();

    @BeforeAll
    static void publish() throws IOException {
        if (!Boolean.getBoolean("redfleet.publish")) {
            return;
        }
        replace(SCHEMAS, files(MADE));
        Map<String, String> goldens = new TreeMap<>();
        Goldens.written().forEach((name, content) -> goldens.put(name + ".json", content + "\n"));
        replace(Goldens.ROOT.resolve(Goldens.TODAY), goldens);
        Files.writeString(DOCS.resolve("asyncapi.yaml"), asyncApi());
    }

    @Test
    void thePublishedSchemasAreThoseOfTheCode() throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(SCHEMAS)) {
            for (Path file : files.toList()) {
                found.put(file.getFileName().toString(), Files.readString(file));
            }
        }

        assertThat(found).as(HOW).containsExactlyInAnyOrderEntriesOf(files(MADE));
    }

    @Test
    void thePublishedAsyncApiIsThatOfTheCode() throws IOException {
        assertThat(Files.readString(DOCS.resolve("asyncapi.yaml"))).as(HOW).isEqualTo(asyncApi());
    }

    @Test
    void theDocumentIsAsyncApi3() throws IOException {
        JsonSchema rules = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
                .getSchema(PublishedContractTest.class.getResourceAsStream("/asyncapi/3.0.0.json"));

        Set<ValidationMessage> faults =
                rules.validate(Files.readString(DOCS.resolve("asyncapi.yaml")), InputFormat.YAML);

        assertThat(faults).isEmpty();
    }

    @Test
    void everyReferenceInItLeadsSomewhere() throws IOException {
        JsonNode document = new YAMLMapper().readTree(Files.readString(DOCS.resolve("asyncapi.yaml")));
        List<String> references = document.findValuesAsText("$ref");

        assertThat(references).hasSizeGreaterThan(MADE.size()).allSatisfy(reference -> {
            if (reference.startsWith("#")) {
                assertThat(document.at(reference.substring(1)).isObject()).isTrue();
            } else {
                assertThat(DOCS.resolve(reference)).isRegularFile();
            }
        });
    }

    /** However old a record is, the schema of today fits it: nothing is ever asked for that was not always there. */
    @Test
    void everyGoldenThatEverWasFitsItsSchema() {
        for (String version : Goldens.versions()) {
            for (String name : Goldens.names(version)) {
                JsonNode payload = Goldens.payload(name, Goldens.content(version, name));
                assertThat(compiled(Carried.ofGolden(name)).validate(payload))
                        .as("%s/%s", version, name)
                        .isEmpty();
            }
        }
    }

    /** Else a field that the schema does not know could be written for years. */
    @Test
    void aSchemaNamesEveryFieldThatIsWritten() {
        Goldens.written().forEach((name, content) -> {
            JsonNode properties = schema(Carried.ofGolden(name)).path("properties");
            assertThat(Goldens.payload(name, content).fieldNames())
                    .toIterable()
                    .as(name)
                    .containsExactlyInAnyOrderElementsOf(() -> properties.fieldNames());
        });
    }

    @Test
    void whatIsAlwaysThereIsRequired() {
        Goldens.written().forEach((name, content) -> {
            JsonSchema schema = compiled(Carried.ofGolden(name));
            schema(Carried.ofGolden(name)).path("required").forEach(field -> {
                ObjectNode lacking = Goldens.payload(name, content).deepCopy();
                lacking.remove(field.asText());
                assertThat(schema.validate(lacking))
                        .as("%s without %s", name, field)
                        .isNotEmpty();
            });
        });
    }

    private static final String HOW =
            "published anew by: mvn -pl bus -am test -Dtest=PublishedContractTest -Dredfleet.publish=true "
                    + "-Dsurefire.failIfNoSpecifiedTests=false";

    private static ObjectNode schema(Carried carried) {
        return Objects.requireNonNull(MADE.get(carried.title()));
    }

    private static JsonSchema compiled(Carried carried) {
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(
                        schema(carried),
                        SchemaValidatorsConfig.builder()
                                .formatAssertionsEnabled(true)
                                .build());
    }

    private static Map<String, ObjectNode> schemas() {
        Schemas schemas = new Schemas(Told.in(Checkout.root().resolve("contracts/src/main/java")));
        Map<String, ObjectNode> made = new LinkedHashMap<>();
        Carried.all().forEach(carried -> made.put(carried.title(), schemas.of(carried)));
        return made;
    }

    private static Map<String, String> files(Map<String, ObjectNode> schemas) {
        DefaultPrettyPrinter lines = new DefaultPrettyPrinter();
        lines.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
        Map<String, String> files = new TreeMap<>();
        schemas.forEach((name, schema) -> {
            try {
                files.put(name + ".json", Codec.mapper().writer(lines).writeValueAsString(schema) + "\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return files;
    }

    private static String asyncApi() throws IOException {
        Map<String, JsonNode> goldens = new TreeMap<>();
        Goldens.written().forEach((name, content) -> goldens.put(name, Goldens.tree(content)));
        return YAMLMapper.builder()
                .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
                .disable(YAMLGenerator.Feature.SPLIT_LINES)
                .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                .build()
                .writeValueAsString(AsyncApi.document(goldens));
    }

    private static void replace(Path folder, Map<String, String> files) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> old = Files.list(folder)) {
            for (Path file : old.toList()) {
                Files.delete(file);
            }
        }
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), file.getValue());
        }
    }
}
