package io.redfleet.bus.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.testkit.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenTest {
    @Test
    void everyRecordAndEventHasAGolden() {
        Set<String> covered = Goldens.names(Goldens.TODAY).stream()
                .map(name -> Carried.ofGolden(name).name())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(covered)
                .containsExactlyInAnyOrderElementsOf(
                        Carried.all().stream().map(Carried::name).toList());
        assertThat(Goldens.names(Goldens.TODAY))
                .containsExactlyInAnyOrderElementsOf(Goldens.written().keySet());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("today")
    void todaysWriterWritesItByteForByte(String name) {
        assertThat(Goldens.written().get(name)).isEqualTo(Goldens.content(Goldens.TODAY, name));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("today")
    void todaysReaderFindsInItWhatWasWritten(String name) throws Unreadable {
        Map<String, Object> samples = new HashMap<>(Samples.records());
        samples.putAll(EventSamples.facts());

        assertThat(Goldens.read(name, Goldens.content(Goldens.TODAY, name))).isEqualTo(samples.get(name));
    }

    /** The test that must never lose a row. */
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("ever")
    void whatAnyReleaseWroteIsReadToday(String version, String name) throws Unreadable {
        assertThat(Goldens.read(name, Goldens.content(version, name))).isNotNull();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("today")
    void aFieldThatALaterReleaseAddsAnywhereIsPassedOver(String name) throws Unreadable {
        JsonNode tree = Goldens.tree(Goldens.content(Goldens.TODAY, name));
        JsonNode payload = Carried.ofGolden(name).isEvent() ? tree.get("data") : tree;
        boolean added = more(payload);

        assertThat(added).isTrue();
        assertThat(Goldens.read(name, tree.toString()))
                .isEqualTo(Goldens.read(name, Goldens.content(Goldens.TODAY, name)));
    }

    /** The published schema and the reader draw the same line. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("today")
    void aFieldMayBeNullOrMissingExactlyIfItIsNotRequired(String name) throws IOException {
        Carried carried = Carried.ofGolden(name);
        Path schema = Checkout.root().resolve("docs/schemas/" + carried.title() + ".json");
        Set<String> required = new TreeSet<>();
        Goldens.tree(Files.readString(schema)).path("required").forEach(field -> required.add(field.asText()));
        String golden = Goldens.content(Goldens.TODAY, name);
        for (String field :
                (Iterable<String>) () -> Goldens.payload(name, golden).fieldNames()) {
            JsonNode missing = Goldens.tree(golden);
            ((ObjectNode) (carried.isEvent() ? missing.get("data") : missing)).remove(field);
            JsonNode empty = Goldens.tree(golden);
            ((ObjectNode) (carried.isEvent() ? empty.get("data") : empty)).putNull(field);

            assertThat(List.of(readable(name, missing), readable(name, empty)))
                    .as("%s without %s", name, field)
                    .containsOnly(!required.contains(field));
        }
    }

    private static boolean readable(String name, JsonNode golden) {
        try {
            Goldens.read(name, golden.toString());
            return true;
        } catch (Unreadable e) {
            return false;
        }
    }

    /** Adds a field to the object itself, and to those in it that are records: a map's keys are names, and are checked. */
    private static boolean more(JsonNode tree) {
        if (!(tree instanceof ObjectNode object)) {
            tree.forEach(GoldenTest::more);
            return false;
        }
        object.properties().stream()
                .filter(field -> !Set.of(
                                        "labels",
                                        "config",
                                        "sysctl",
                                        "hosts",
                                        "instances",
                                        "conditions",
                                        "counters",
                                        "processes",
                                        "fields",
                                        "copies",
                                        "views")
                                .contains(field.getKey())
                        || field.getValue().isArray())
                .forEach(field -> more(field.getValue()));
        object.put("addedLater", "a string");
        return true;
    }

    static List<String> today() {
        return Goldens.names(Goldens.TODAY);
    }

    static Stream<Arguments> ever() {
        return Goldens.versions().stream()
                .flatMap(version -> Goldens.names(version).stream().map(name -> Arguments.of(version, name)));
    }
}
