package io.redfleet.cli.verb.watch;

import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.Verb;
import io.redfleet.cli.verb.World;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** `monit status`, for the fleet, a cluster, an instance, a check of a host or a group. */
@Command(
        name = "status",
        description = "Every instance, and every check of a host, in full, as monit status prints it.",
        footer = {
            "",
            "Examples:",
            "  redfleet status orders",
            "  redfleet status orders/r1/redis-server",
            "  redfleet status orders/r1/disk     # a check of its hosts",
            "  redfleet status -g redis"
        })
public final class Status extends Verb {
    @Mixin
    private final Subject subject = new Subject();

    public Status(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        return MonitText.show(gateway, screen, "/status", subject.query());
    }
}
