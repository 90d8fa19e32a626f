package io.redfleet.e2e;

import io.cloudevents.CloudEvent;
import io.redfleet.testkit.Installation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a person would look at when a scenario fails: the events so far and the end of each log. */
final class Evidence {
    private static final int LINES = 25;

    private Evidence() {}

    static String of(Installation redfleet, PlainConsumer events) {
        String told = events.seen().stream().map(Evidence::line).collect(Collectors.joining("\n"));
        String logs = Stream.of("provisioner", "monitor", "alert", "gateway")
                .map(part -> "---- the end of " + part + "'s log\n" + tail(redfleet.log(part)))
                .collect(Collectors.joining("\n"));
        return "---- events\n" + told + "\n" + logs;
    }

    /** Leaves the events of a run in {@code target}, one a line; the example of docs/consuming-events.md comes from there. */
    static void keep(PlainConsumer events) {
        try {
            List<String> lines = events.seen().stream().map(Evidence::line).toList();
            Files.write(Path.of("target", "main-path-events.txt"), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String line(CloudEvent event) {
        return event.getTime() + " " + PlainConsumer.shortType(event) + " " + event.getSubject() + " " + event.getId()
                + " "
                + (event.getData() == null
                        ? ""
                        : new String(event.getData().toBytes(), java.nio.charset.StandardCharsets.UTF_8));
    }

    private static String tail(String log) {
        List<String> lines = log.lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
    }
}
