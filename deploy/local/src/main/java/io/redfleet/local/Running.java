package io.redfleet.local;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * The record of a part that was started: a file {@code run/<part>.pid}.
 *
 * @param build what was started, so that a newer build is noticed
 * @param signal the signal that ends it in good order, such as TERM
 */
public record Running(String part, Life life, int port, String build, String signal) {
    private static final String SUFFIX = ".pid";

    /** Written whole or not at all. */
    void write(Path run) throws IOException {
        var properties = new Properties();
        properties.setProperty("pid", Long.toString(life.pid()));
        properties.setProperty("start", life.mark());
        properties.setProperty("port", Integer.toString(port));
        properties.setProperty("build", build);
        properties.setProperty("signal", signal);
        var text = new StringWriter();
        properties.store(text, null);
        Path draft = run.resolve(part + SUFFIX + ".new");
        OwnerOnly.write(draft, text.toString());
        Files.move(draft, run.resolve(part + SUFFIX), StandardCopyOption.ATOMIC_MOVE);
    }

    /** The record of that part, whether it still runs or not. A file that cannot be understood is no record. */
    static Optional<Running> read(Path run, String part) throws IOException {
        Path file = run.resolve(part + SUFFIX);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        var properties = new Properties();
        try (var in = Files.newBufferedReader(file)) {
            properties.load(in);
            var life = new Life(Long.parseLong(properties.getProperty("pid", "")), properties.getProperty("start", ""));
            return Optional.of(new Running(
                    part,
                    life,
                    Integer.parseInt(properties.getProperty("port", "0")),
                    properties.getProperty("build", ""),
                    properties.getProperty("signal", "TERM")));
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    /** All records, in the order of their names. */
    static List<Running> all(Path run) throws IOException {
        if (!Files.isDirectory(run)) {
            return List.of();
        }
        List<Running> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(run)) {
            List<String> parts = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
            for (String part : parts) {
                read(run, part).ifPresent(found::add);
            }
        }
        return List.copyOf(found);
    }

    static void forget(Path run, String part) throws IOException {
        Files.deleteIfExists(run.resolve(part + SUFFIX));
    }
}
