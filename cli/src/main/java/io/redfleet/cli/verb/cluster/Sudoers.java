package io.redfleet.cli.verb.cluster;

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

/** What the admin of a cluster's hosts puts into /etc/sudoers.d. */
@Command(
        name = "sudoers",
        description = "What sudo has to allow the SSH users of a cluster: a file for /etc/sudoers.d of its hosts.",
        footer = {
            "",
            "Whoever it names is as much as root there. The cluster has to be there: where sudo is missing, its first",
            "apply fails and says so; apply it again afterwards.",
            "",
            "Example:",
            "  redfleet sudoers orders > redfleet-orders && visudo -cf redfleet-orders"
        })
@SuppressWarnings("NullAway.Init") // picocli sets required parameters before the verb runs
public final class Sudoers extends Verb {
    @Parameters(paramLabel = "CLUSTER", description = "The cluster's name.")
    private String cluster;

    public Sudoers(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        String path = Names.cluster(cluster) + "/sudoers";
        return Shown.shown(screen, gateway.get(path, Map.of()), body -> write(screen, body));
    }

    private static void write(Screen screen, JsonNode body) {
        screen.text(body.path("file").asText());
    }
}
