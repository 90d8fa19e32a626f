package io.redfleet.cli.verb.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redfleet.cli.gateway.Answer;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.Names;
import io.redfleet.cli.verb.Shown;
import io.redfleet.cli.verb.Started;
import io.redfleet.cli.verb.Verb;
import io.redfleet.cli.verb.World;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A restart of all instances, as one operation; {@code restart} takes them one by one, and leaves the master out. */
@Command(
        name = "roll",
        description = {
            "Restart every instance of a cluster once, one after the other, the master after another has",
            "taken its place. Writes are refused (NOREPLICAS) for some seconds; none that was",
            "acknowledged is lost."
        },
        footer = {
            "",
            "Examples:",
            "  redfleet roll orders --wait",
            "  redfleet apply -f orders.yaml --rolling    restart only what a change needs"
        })
@SuppressWarnings("NullAway.Init") // picocli sets required parameters before the verb runs
public final class Roll extends Verb {
    @Parameters(paramLabel = "CLUSTER", description = "The cluster's name.")
    private String cluster;

    @Option(
            names = "--outage",
            paramLabel = "INSTANCE",
            description = "The master, as HOST/NAME, if it may be restarted though no other can take its place.")
    private String outage = "";

    @Mixin
    private final Started started = new Started();

    public Roll(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        Duration limit = started.limit(this);
        ObjectNode body = Shown.object();
        if (!outage.isEmpty()) {
            body.put("outage", outage);
        }
        Answer answer = gateway.post(Names.cluster(cluster) + "/roll", started.with(Map.of()), body);
        return started.show(gateway, screen, answer, limit);
    }
}
