package io.redfleet.cli.verb.watch;

import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.Verb;
import io.redfleet.cli.verb.World;
import java.util.Map;
import picocli.CommandLine.Command;

/** `monit summary`, for the fleet. */
@Command(name = "summary", description = "Every instance on one line, as monit summary prints it.")
public final class Summary extends Verb {
    public Summary(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        return MonitText.show(gateway, screen, "/summary", Map.of());
    }
}
