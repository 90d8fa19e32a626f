package io.redfleet.local;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.cli.gateway.Answer;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.verb.Pages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Clusters of the fleet on hosts that the demo has booted, besides the demo's own: somebody has put them there since. Hosts are not
 * ended under them.
 *
 * <p>Who was there is noted, for a second {@code down} has no gateway left to ask.
 */
public final class Tenants {
    /** A file beside {@link EngineCluster#TOLD}: a name on each line. */
    static final String NOTED = "engine-hosts.tenants";

    private Tenants() {}

    /** Their names, as the fleet has them; empty: the gateway did not tell all of them. */
    public static Optional<List<String>> on(Home home, Gateway gateway) throws IOException {
        Path told = home.guests().resolve(EngineCluster.TOLD);
        return Files.isRegularFile(told) ? on(gateway, Files.readString(told)) : Optional.of(List.of());
    }

    /** The same, noted for whoever comes when there is no gateway; where it does not tell, those that were noted before. */
    static List<String> noting(Home home, Gateway gateway) throws IOException {
        Optional<List<String>> now = on(home, gateway);
        if (now.isEmpty()) {
            return noted(home);
        }
        Files.writeString(note(home), String.join("\n", now.get()));
        return now.get();
    }

    /** Those that were there when a gateway told of them last. */
    static List<String> noted(Home home) throws IOException {
        Path note = note(home);
        return Files.isRegularFile(note)
                ? Files.readString(note).lines().filter(line -> !line.isBlank()).toList()
                : List.of();
    }

    /** What is so of them, as the end of a sentence. */
    public static String words(List<String> tenants) {
        return (tenants.size() == 1 ? "cluster " : "clusters ") + String.join(", ", tenants)
                + (tenants.size() == 1 ? " is" : " are") + " on them too";
    }

    private static Optional<List<String>> on(Gateway gateway, String told) {
        if (!(Pages.upTo(Pages.MOST, gateway, "/clusters", Map.of()) instanceof Answer.Done all)) {
            return Optional.empty();
        }
        Set<String> booted = EngineCluster.booted(told);
        List<String> found = new ArrayList<>();
        for (JsonNode item : all.body().path("items")) {
            String name = item.path("name").asText();
            Answer answer = gateway.get("/clusters/" + Gateway.segment(name), Map.of());
            if (answer instanceof Answer.Refused refused && refused.status() == 404) {
                continue;
            }
            if (!(answer instanceof Answer.Done card)) {
                return Optional.empty();
            }
            boolean demos = name.equals(EngineCluster.NAME)
                    && !EngineCluster.own(card.body(), told).isEmpty();
            if (!demos && !Collections.disjoint(EngineCluster.each(card.body(), "address"), booted)) {
                found.add(name);
            }
        }
        return Optional.of(List.copyOf(found));
    }

    private static Path note(Home home) {
        return home.guests().resolve(NOTED);
    }
}
