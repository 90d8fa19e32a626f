package io.redfleet.cli.verb.watch;

import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.Shown;
import io.redfleet.cli.verb.Verb;
import io.redfleet.cli.verb.World;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Tells the others that somebody looks after it. */
@Command(name = "ack", description = "Acknowledge an incident: somebody looks after it.")
@SuppressWarnings("NullAway.Init") // picocli sets required parameters before the verb runs
public final class Acknowledge extends Verb {
    @Parameters(paramLabel = "ID", description = "The incident's id, from: redfleet alerts")
    private String id;

    public Acknowledge(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        String path = "/alerts/" + Gateway.segment(id) + "/acknowledge";
        return Shown.shown(screen, gateway.post(path, Shown.object()), body -> screen.line(id + ": acknowledged"));
    }
}
