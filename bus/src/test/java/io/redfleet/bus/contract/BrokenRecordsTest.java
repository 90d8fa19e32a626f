package io.redfleet.bus.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redfleet.bus.codec.Codec;
import io.redfleet.bus.codec.EventRecord;
import io.redfleet.bus.codec.Unreadable;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever lies on a topic is read or {@link Unreadable}: any other exception would end the thread that reads it. */
class BrokenRecordsTest {
    private static final List<JsonNode> INSTEAD = Stream.of(
                    "null",
                    "true",
                    "-1",
                    "4294967297",
                    "99999999999999999999999",
                    "1e999",
                    "\"\"",
                    "\"\\u0000/ \\ud83d\"",
                    "\"+1000000000-12-31T23:59:59.999999999Z\"",
                    "\"PT2562047788015215H30M7S\"",
                    "[]",
                    "[[null]]",
                    "{}",
                    "{\"\":{\"type\":\"ofALaterRelease\"}}")
            .map(Goldens::tree)
            .toList();

    /** In each place others of what may stand there: a fourth, and of a field there are fifteen. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("goldens")
    void whateverStandsInAnyPlaceIsReadOrUnreadable(String name) {
        readOrNot(name, 4);
    }

    @Tag("long")
    @ParameterizedTest(name = "{0}")
    @MethodSource("goldens")
    void whateverElseStandsInAnyPlaceIsReadOrUnreadable(String name) {
        readOrNot(name, 1);
    }

    /** @param step from one broken record that is tried to the next; 1 is all of them */
    private static void readOrNot(String name, int step) {
        JsonNode tree = Goldens.tree(Goldens.content(Goldens.TODAY, name));
        List<String> broken = new ArrayList<>();
        everywhere(tree, () -> broken.add(tree.toString()));

        assertThat(broken).hasSizeGreaterThan(INSTEAD.size());
        assertThat(IntStream.range(0, broken.size())
                        .filter(place -> place % step == 0)
                        .mapToObj(broken::get))
                .allSatisfy(content -> readOrNot(name, content));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("records")
    void aRecordThatIsCutOffAnywhereIsUnreadable(String name) {
        byte[] whole = Goldens.content(Goldens.TODAY, name).getBytes(UTF_8);
        Class<?> type = Carried.ofGolden(name).type();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThat(unreadable(() -> Codec.read(cut, type)))
                    .as("%s of %s bytes", name, length)
                    .isTrue();
        }
    }

    @Test
    void everyRecordThatSaysASchemaIsRefusedWhereThatIsALaterOne() {
        byte[] later = "{\"schema\":99}".getBytes(UTF_8);
        List<Carried> saying = Carried.all().stream()
                .filter(carried -> Stream.of(carried.type().getRecordComponents())
                        .map(RecordComponent::getName)
                        .anyMatch("schema"::equals))
                .toList();

        assertThat(saying).hasSizeGreaterThan(8).allSatisfy(carried -> {
            try {
                Codec.read(later, carried.type());
                throw new AssertionError(carried + " is read");
            } catch (Unreadable e) {
                assertThat(e.newer()).as("%s: %s", carried, e.getMessage()).isTrue();
            }
        });
    }

    private interface Reading {
        void read() throws Unreadable;
    }

    private static boolean unreadable(Reading reading) {
        try {
            reading.read();
            return false;
        } catch (Unreadable e) {
            return true;
        }
    }

    private static void readOrNot(String name, String content) {
        Carried carried = Carried.ofGolden(name);
        if (carried.isEvent()) {
            JsonNode tree = Goldens.tree(content);
            Map<String, String> headers = new HashMap<>();
            tree.path("headers")
                    .properties()
                    .forEach(header ->
                            headers.put(header.getKey(), header.getValue().asText()));
            unreadable(() ->
                    EventRecord.read(headers, Codec.bytes(tree.path("data"))).fact());
        } else {
            unreadable(() -> Codec.read(content.getBytes(UTF_8), carried.type()));
        }
    }

    /** Each value in turn is left out, and is each of the others; afterwards all is as it was. */
    private static void everywhere(JsonNode tree, Runnable look) {
        if (tree instanceof ObjectNode object) {
            for (String field : List.copyOf(
                    object.properties().stream().map(entry -> entry.getKey()).toList())) {
                JsonNode before = object.get(field);
                object.remove(field);
                look.run();
                instead(value -> object.set(field, value), look);
                object.set(field, before);
                everywhere(before, look);
            }
        } else if (tree instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                int place = i;
                JsonNode before = array.get(place);
                instead(value -> array.set(place, value), look);
                array.set(place, before);
                everywhere(before, look);
            }
        }
    }

    private static void instead(Consumer<JsonNode> put, Runnable look) {
        for (JsonNode value : INSTEAD) {
            put.accept(value);
            look.run();
        }
    }

    static List<String> goldens() {
        return Goldens.names(Goldens.TODAY);
    }

    static List<String> records() {
        return goldens().stream()
                .filter(name -> !Carried.ofGolden(name).isEvent())
                .toList();
    }
}
