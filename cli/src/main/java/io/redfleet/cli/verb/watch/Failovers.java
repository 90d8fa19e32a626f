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
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Changes of master, one line each. */
@Command(
        name = "failovers",
        description = "Changes of master, one line each.",
        footer = {"", "Examples:", "  redfleet failovers orders", "  redfleet failover show ID    the timeline of one"})
public final class Failovers extends Verb {
    @Parameters(arity = "0..1", paramLabel = "CLUSTER", description = "Default: all clusters.")
    private String cluster = "";

    public Failovers(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        Map<String, String> query = Map.of("cluster", cluster);
        return Shown.shown(screen, Pages.upTo(Pages.MOST, gateway, "/failovers", query), body -> {
            if (body.path("items").isEmpty()) {
                screen.note("No failovers.");
                return;
            }
            Table table = new Table("ID", "CLUSTER", "STARTED", "FROM", "TO", "OUTAGE", "AT MOST LOST");
            body.path("items").forEach(item -> row(table, item));
            screen.table(table);
        });
    }

    private static void row(Table table, JsonNode item) {
        table.row(
                cell(item, "id"),
                cell(item, "cluster"),
                When.exact(cell(item, "startedAt")),
                cell(item, "oldMaster"),
                cell(item, "newMaster"),
                figure(item, "writeOutageMillis", " ms"),
                figure(item, "lossBoundBytes", " bytes"));
    }

    private static String figure(JsonNode item, String field, String unit) {
        return item.path(field).asLong(-1) < 0 ? "unknown" : item.path(field).asLong() + unit;
    }
}
