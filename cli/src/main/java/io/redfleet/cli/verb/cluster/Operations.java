package io.redfleet.cli.verb.cluster;

import static io.redfleet.cli.verb.Shown.cell;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.screen.Table;
import io.redfleet.cli.screen.When;
import io.redfleet.cli.verb.Follow;
import io.redfleet.cli.verb.Pages;
import io.redfleet.cli.verb.Shown;
import io.redfleet.cli.verb.Verb;
import io.redfleet.cli.verb.World;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Work in progress and done. */
@Command(
        name = "operations",
        description = "Work in progress and done, newest first.",
        footer = {
            "",
            "Examples:",
            "  redfleet operations --cluster orders",
            "  redfleet operations --follow",
            "  redfleet operations show OPERATION"
        })
public final class Operations extends Verb {
    @Option(names = "--cluster", paramLabel = "CLUSTER", description = "Only of this cluster.")
    private String cluster = "";

    @Option(names = "--state", paramLabel = "STATE", description = "waiting, running, succeeded, failed or cancelled.")
    private String state = "";

    @Option(names = "--follow", description = "Stay and show each step as it happens.")
    private boolean follow;

    public Operations(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        if (follow) {
            return new Follow(gateway, screen).events(Map.of("cluster", cluster, "type", "operation."), Map.of());
        }
        Map<String, String> query = Map.of("cluster", cluster, "state", state.toUpperCase(java.util.Locale.ROOT));
        return Shown.shown(screen, Pages.upTo(Pages.MOST, gateway, "/operations", query), body -> {
            if (body.path("items").isEmpty()) {
                screen.note("No operations.");
                return;
            }
            Table table = new Table("OPERATION", "SUBJECT", "KIND", "STATUS", "STARTED", "STEPS", "REASON");
            body.path("items").forEach(item -> row(table, item));
            screen.table(table);
        });
    }

    /** The cluster, or the instance of it that the work is about. */
    static String subject(JsonNode item) {
        String instance = item.path("instance").asText("");
        return cell(item, "cluster") + (instance.isEmpty() ? "" : "/" + instance);
    }

    private void row(Table table, JsonNode item) {
        long ended = item.path("steps")
                .valueStream()
                .filter(step -> !step.path("status").asText().matches("WAITING|RUNNING"))
                .count();
        table.row(
                cell(item, "id"),
                subject(item),
                cell(item, "kind"),
                cell(item, "status"),
                When.ago(cell(item, "acceptedAt"), now()) + " ago",
                ended + "/" + item.path("steps").size(),
                cell(item, "reason"));
    }
}
