package io.redfleet.cli.verb.cluster;

import static io.redfleet.cli.verb.Shown.cell;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.Names;
import io.redfleet.cli.verb.Shown;
import io.redfleet.cli.verb.Verb;
import io.redfleet.cli.verb.World;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What an application is configured with. */
@Command(
        name = "connection",
        description = "How an application connects: Sentinels, master name, user. No password: see secret reveal.",
        footer = {"", "Example:", "  redfleet connection orders -o yaml"})
@SuppressWarnings("NullAway.Init") // picocli sets required parameters before the verb runs
public final class Connection extends Verb {
    @Parameters(paramLabel = "CLUSTER", description = "The cluster's name.")
    private String cluster;

    public Connection(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        String path = Names.cluster(cluster) + "/connection";
        return Shown.shown(screen, gateway.get(path, Map.of()), body -> write(screen, body));
    }

    private static void write(Screen screen, JsonNode body) {
        screen.line("master name  " + cell(body, "masterName"));
        for (JsonNode sentinel : body.path("sentinels")) {
            screen.line("sentinel     " + cell(sentinel, "host") + ":" + cell(sentinel, "port"));
        }
        boolean open = body.path("user").isNull();
        screen.line("user         " + (open ? "none: access control is off" : cell(body, "user")));
        if (body.path("ca").isTextual()) {
            screen.line("TLS          alone, by the CA that -o yaml shows");
        }
    }
}
