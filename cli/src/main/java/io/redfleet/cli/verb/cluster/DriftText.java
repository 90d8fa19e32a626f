package io.redfleet.cli.verb.cluster;

import static io.redfleet.cli.verb.Shown.cell;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.screen.When;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Whether a cluster's hosts are as its spec says, as people read it. A gateway of before says nothing of it. */
final class DriftText {
    private DriftText() {}

    /** @param cluster the answer to {@code GET /clusters/C} */
    static void write(Screen screen, JsonNode cluster, Instant now) {
        JsonNode drift = cluster.path("drift");
        String reason = cell(drift, "reason");
        String ago = When.ago(drift.path("since").asText(""), now);
        switch (drift.path("state").asText()) {
            case "FOUND" -> {
                screen.line("drift for " + ago + ": " + counted(drift) + ", plan " + cell(drift, "plan"));
                drift.path("first").forEach(title -> screen.line("  " + title.asText()));
                int more = drift.path("changes").asInt() - drift.path("first").size();
                if (more > 0) {
                    screen.line("  and " + more + " more, see: redfleet plan " + cell(cluster, "name"));
                }
                screen.line("  " + reason);
            }
            case "NONE" -> screen.line("no drift for " + ago + ": " + reason);
            case "" -> {}
            default -> screen.line("drift is not known: " + reason);
        }
    }

    private static String counted(JsonNode drift) {
        List<String> counts = new ArrayList<>();
        count(counts, drift.path("live").asInt(), "live");
        count(counts, drift.path("starts").asInt(), "start");
        count(counts, drift.path("restarts").asInt(), "restart");
        int changes = drift.path("changes").asInt();
        String effects = counts.isEmpty() ? "" : " (" + String.join(", ", counts) + ")";
        return changes + (changes == 1 ? " change" : " changes") + effects;
    }

    private static void count(List<String> counts, int many, String word) {
        if (many > 0) {
            counts.add(many + " " + word);
        }
    }
}
