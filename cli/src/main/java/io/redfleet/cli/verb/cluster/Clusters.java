package io.redfleet.cli.verb.cluster;

import static io.redfleet.cli.verb.Shown.cell;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.screen.Table;
import io.redfleet.cli.verb.Pages;
import io.redfleet.cli.verb.Shown;
import io.redfleet.cli.verb.Verb;
import io.redfleet.cli.verb.World;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** One line per cluster. */
@Command(
        name = "list",
        description = "The clusters of the fleet, one line each.",
        footer = {"", "Examples:", "  redfleet list", "  redfleet list --label team=checkout -o json"})
public final class Clusters extends Verb {
    @Option(names = "--label", paramLabel = "KEY=VALUE", description = "Only clusters with this label.")
    private String label = "";

    @Option(names = "--state", paramLabel = "STATE", description = "Only clusters in this state.")
    private String state = "";

    public Clusters(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        Map<String, String> query = new HashMap<>(Map.of("label", label, "state", state));
        return Shown.shown(screen, Pages.upTo(Pages.MOST, gateway, "/clusters", query), body -> write(screen, body));
    }

    private static void write(Screen screen, JsonNode body) {
        if (body.path("items").isEmpty()) {
            screen.note("No clusters. Make one with: redfleet apply -f FILE");
            return;
        }
        Table table = new Table("NAME", "PHASE", "STATE", "UP", "MASTER", "REVISION", "DRIFT", "SUMMARY");
        for (JsonNode item : body.path("items")) {
            String summary = item.path("summary").asText(item.path("reason").asText(""));
            table.row(
                    cell(item, "name"),
                    cell(item, "phase"),
                    cell(item, "diagnosis"),
                    item.path("up").asInt() + "/" + item.path("instances").asInt(),
                    cell(item, "master"),
                    cell(item, "revision"),
                    drift(item),
                    summary);
        }
        screen.table(table);
    }

    /** How many changes would undo it; {@code no} only where somebody has looked. */
    private static String drift(JsonNode item) {
        return switch (item.path("drift").asText()) {
            case "FOUND" -> item.path("driftChanges").asText();
            case "NONE" -> "no";
            case "" -> "-";
            default -> "?";
        };
    }
}
