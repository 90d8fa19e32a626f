package io.redfleet.cli.verb.watch;

import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.FailoverText;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.Shown;
import io.redfleet.cli.verb.Verb;
import io.redfleet.cli.verb.World;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** One change of master as a timeline. */
@Command(name = "show", description = "One failover as a timeline in milliseconds.")
@SuppressWarnings("NullAway.Init") // picocli sets required parameters before the verb runs
public final class FailoverShow extends Verb {
    @Parameters(paramLabel = "ID", description = "The failover's id, from: redfleet failovers")
    private String id;

    public FailoverShow(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        String path = "/failovers/" + Gateway.segment(id);
        return Shown.shown(screen, gateway.get(path, Map.of()), body -> FailoverText.write(screen, body));
    }
}
