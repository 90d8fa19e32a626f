package io.redfleet.cli.verb.cluster;

import static io.redfleet.cli.verb.Shown.cell;

import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.Names;
import io.redfleet.cli.verb.Shown;
import io.redfleet.cli.verb.Verb;
import io.redfleet.cli.verb.World;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** One password, alone on its line, so that a script can take it. */
@Command(
        name = "reveal",
        description = "Print the generated password of a cluster's user. Needs the role admin; each time is an event.",
        footer = {
            "",
            "Examples:",
            "  redfleet secret reveal orders application",
            "  redfleet secret reveal orders application > password   (after umask 077)"
        })
@SuppressWarnings("NullAway.Init") // picocli sets required parameters before the verb runs
public final class SecretReveal extends Verb {
    @Parameters(index = "0", paramLabel = "CLUSTER", description = "The cluster's name.")
    private String cluster;

    @Parameters(
            index = "1",
            paramLabel = "USER",
            description = "application, replication, sentinel, peer, probe, canary or admin.")
    private String user;

    public SecretReveal(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        String path = Names.cluster(cluster) + "/secrets/" + Gateway.segment(user) + "/reveal";
        return Shown.shown(screen, gateway.post(path, Shown.object()), body -> screen.line(cell(body, "password")));
    }
}
