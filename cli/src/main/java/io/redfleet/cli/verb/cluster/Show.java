package io.redfleet.cli.verb.cluster;

import static io.redfleet.cli.verb.Shown.cell;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.screen.Table;
import io.redfleet.cli.screen.When;
import io.redfleet.cli.verb.Names;
import io.redfleet.cli.verb.Shown;
import io.redfleet.cli.verb.Verb;
import io.redfleet.cli.verb.World;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** One cluster: what it should be, what it is, since when and why. */
@Command(
        name = "show",
        description = "One cluster: phase, judgement, drift, instances, hosts. With -o yaml also its spec.",
        footer = {"", "Examples:", "  redfleet show orders", "  redfleet show orders -o yaml"})
@SuppressWarnings("NullAway.Init") // picocli sets required parameters before the verb runs
public final class Show extends Verb {
    @Parameters(paramLabel = "CLUSTER", description = "The cluster's name.")
    private String cluster;

    public Show(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        return Shown.shown(screen, gateway.get(Names.cluster(cluster), Map.of()), body -> write(screen, body));
    }

    private void write(Screen screen, JsonNode body) {
        JsonNode verdict = body.path("health").path("verdict");
        screen.line(cell(body, "name") + "  " + cell(body, "phase") + "  revision " + cell(body, "revision"));
        screen.line("  " + cell(body, "reason"));
        if (!verdict.isMissingNode()) {
            screen.line(cell(verdict, "diagnosis") + " for " + When.ago(cell(verdict, "since"), now()) + ": "
                    + cell(verdict, "reason"));
            screen.line("master " + cell(verdict, "master") + ", config epoch " + cell(verdict, "configEpoch"));
        }
        if (!cell(body, "operation").equals("-")) {
            screen.line("operation " + cell(body, "operation") + " is under way");
        }
        DriftText.write(screen, body, now());
        screen.line("");
        screen.table(instances(body));
    }

    private Table instances(JsonNode body) {
        Map<String, JsonNode> health = new TreeMap<>();
        body.path("health").path("instances").properties().forEach(e -> health.put(e.getKey(), e.getValue()));
        Map<String, JsonNode> processes = new TreeMap<>();
        for (JsonNode host : body.path("hosts")) {
            host.path("processes").properties().forEach(e -> processes.put(e.getKey(), e.getValue()));
        }
        processes.keySet().forEach(id -> health.putIfAbsent(id, Shown.object()));
        Table table = new Table("INSTANCE", "ROLE", "STATE", "FOR", "PID", "MONITORED", "REASON");
        health.forEach((id, node) -> table.row(
                id,
                cell(node, "role"),
                cell(node, "liveness"),
                When.ago(node.path("since").asText(""), now()),
                processes.getOrDefault(id, Shown.object()).path("pid").asText("-"),
                node.path("monitored").asBoolean() ? "yes" : "no",
                cell(node, "reason")));
        return table;
    }
}
