package io.redfleet.cli.verb.watch;

import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.Verb;
import io.redfleet.cli.verb.World;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** `monit summary`, for the fleet, a cluster, an instance, a check of a host or a group. */
@Command(
        name = "summary",
        description = "Every instance, and every check of a host, on one line, as monit summary prints it.")
public final class Summary extends Verb {
    @Mixin
    private final Subject subject = new Subject();

    public Summary(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        return MonitText.show(gateway, screen, "/summary", subject.query());
    }
}
