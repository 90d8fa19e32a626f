package io.redfleet.cli.verb.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.Exit;
import io.redfleet.cli.verb.Names;
import io.redfleet.cli.verb.Shown;
import io.redfleet.cli.verb.Verb;
import io.redfleet.cli.verb.World;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** INFO of every instance, asked now. */
@Command(
        name = "info",
        description = "INFO SECTION of every instance of a cluster, asked now.",
        footer = {"", "Examples:", "  redfleet info replication orders", "  redfleet info sentinel orders"})
@SuppressWarnings("NullAway.Init") // picocli sets required parameters before the verb runs
public final class InfoSection extends Verb {
    @Parameters(index = "0", paramLabel = "SECTION", description = "replication, sentinel, memory, server ...")
    private String section;

    @Parameters(index = "1", paramLabel = "CLUSTER", description = "The cluster's name.")
    private String cluster;

    public InfoSection(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        String path = Names.cluster(cluster) + "/info/" + Gateway.segment(section);
        return Shown.done(screen, gateway.get(path, Map.of()), body -> {
            if (!screen.people()) {
                screen.data(body);
            } else {
                body.properties().forEach(entry -> write(screen, entry.getKey(), entry.getValue()));
            }
            boolean answered = body.isEmpty() || body.valueStream().anyMatch(node -> !node.has("error"));
            return answered ? Exit.DONE : Exit.FAILED;
        });
    }

    private static void write(Screen screen, String instance, JsonNode fields) {
        if (fields.isEmpty()) {
            // A Sentinel has no replication section, a data node no sentinel section.
            return;
        }
        screen.line("# " + instance);
        fields.properties()
                .forEach(field ->
                        screen.line(field.getKey() + ":" + field.getValue().asText()));
        screen.line("");
    }
}
