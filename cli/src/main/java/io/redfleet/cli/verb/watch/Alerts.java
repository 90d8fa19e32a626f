package io.redfleet.cli.verb.watch;

import static io.redfleet.cli.verb.Shown.cell;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.screen.Table;
import io.redfleet.cli.screen.When;
import io.redfleet.cli.verb.Pages;
import io.redfleet.cli.verb.Shown;
import io.redfleet.cli.verb.Verb;
import io.redfleet.cli.verb.World;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Incidents, one line each. */
@Command(
        name = "alerts",
        description = "Incidents: one cause each, open or resolved.",
        footer = {"", "Examples:", "  redfleet alerts --state open", "  redfleet ack ID"})
public final class Alerts extends Verb {
    @Option(names = "--state", paramLabel = "STATE", description = "open, acknowledged or resolved. Default: all.")
    private String state = "";

    public Alerts(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        Map<String, String> query = Map.of("state", state.toUpperCase(Locale.ROOT));
        return Shown.shown(screen, Pages.upTo(Pages.MOST, gateway, "/alerts", query), body -> {
            if (body.path("items").isEmpty()) {
                screen.note("No incidents.");
                return;
            }
            Table table = new Table("ID", "CLUSTER", "SEVERITY", "STATE", "OPENED", "CAUSE", "SUMMARY");
            body.path("items").forEach(item -> row(table, item));
            screen.table(table);
        });
    }

    private void row(Table table, JsonNode item) {
        table.row(
                cell(item, "id"),
                cell(item, "cluster"),
                cell(item, "severity"),
                cell(item, "state"),
                When.ago(cell(item, "openedAt"), now()) + " ago",
                cell(item, "cause"),
                cell(item, "summary"));
    }
}
