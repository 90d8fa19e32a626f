package io.redfleet.bus.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.bus.codec.Codec;
import io.redfleet.bus.codec.EventRecord;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.contracts.event.Fact;
import io.redfleet.testkit.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Records as some release wrote them, one folder for each form of the wire that there has been. A file is never changed once
 * released: whoever adds a field begins the next folder, and the older ones are read for ever.
 */
final class Goldens {
    static final Path ROOT = Checkout.root().resolve("bus/src/test/resources/golden");
    /** The form that is written today. */
    static final String TODAY = "v1";

    private Goldens() {}

    /** Everything that there is a sample of, as it is written today: name to the file's content. */
    static Map<String, String> written() {
        Map<String, String> written = new TreeMap<>();
        Samples.records().forEach((name, record) -> written.put(name, text(Codec.bytes(record))));
        EventSamples.facts().forEach((name, fact) -> {
            EventRecord event = EventRecord.of(fact);
            String headers = text(Codec.bytes(event.headers()));
            written.put(name, "{\"headers\":" + headers + ",\"data\":" + text(event.body()) + "}");
        });
        return written;
    }

    static List<String> versions() {
        return names(ROOT);
    }

    static List<String> names(String version) {
        return names(ROOT.resolve(version)).stream()
                .map(file -> file.replaceFirst("\\.json$", ""))
                .toList();
    }

    static String content(String version, String name) {
        try {
            return Files.readString(file(version, name)).stripTrailing();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode tree(String content) {
        try {
            return Codec.mapper().readTree(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path file(String version, String name) {
        return ROOT.resolve(version).resolve(name + ".json");
    }

    /** What today's reader makes of it: a record, or a {@link Fact}. */
    static Object read(String name, String content) throws Unreadable {
        Carried carried = Carried.ofGolden(name);
        if (!carried.isEvent()) {
            return Codec.read(content.getBytes(UTF_8), carried.type());
        }
        JsonNode tree = tree(content);
        Map<String, String> headers = Codec.mapper().convertValue(tree.get("headers"), new TypeReference<>() {});
        return EventRecord.read(headers, Codec.bytes(tree.get("data"))).fact().orElseThrow();
    }

    /** The value of the record on the bus. */
    static JsonNode payload(String name, String content) {
        JsonNode tree = tree(content);
        return Carried.ofGolden(name).isEvent() ? tree.get("data") : tree;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
