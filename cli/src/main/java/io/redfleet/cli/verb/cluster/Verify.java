package io.redfleet.cli.verb.cluster;

import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.Exit;
import io.redfleet.cli.verb.Names;
import io.redfleet.cli.verb.Shown;
import io.redfleet.cli.verb.Verb;
import io.redfleet.cli.verb.VerificationText;
import io.redfleet.cli.verb.World;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Whether a cluster is as its spec says. */
@Command(
        name = "verify",
        description = "Whether a cluster is as its spec says, rule by rule; changes nothing.",
        footer = {
            "",
            "Ends with 1 where a rule is broken that decides, or a host gives no answer.",
            "",
            "Examples:",
            "  redfleet verify orders"
        })
@SuppressWarnings("NullAway.Init") // picocli sets required parameters before the verb runs
public final class Verify extends Verb {
    @Parameters(paramLabel = "CLUSTER", description = "A cluster that is already there.")
    private String cluster;

    public Verify(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        return Shown.done(screen, gateway.get(Names.cluster(cluster) + "/verify", Map.of()), found -> {
            if (screen.people()) {
                VerificationText.limits(found, screen::line);
                VerificationText.write(found, screen::line);
            } else {
                screen.data(found);
            }
            return found.path("holds").asBoolean() ? Exit.DONE : Exit.FAILED;
        });
    }
}
