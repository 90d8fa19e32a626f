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

/** A planned change of master; {@code show} below it tells of any. */
@Command(
        name = "failover",
        description = {
            "Let another data node be master, while the present one lives. Writes are refused",
            "(NOREPLICAS) for some seconds; none that was acknowledged is lost."
        },
        footer = {
            "",
            "Examples:",
            "  redfleet failover orders --wait",
            "  redfleet failover orders --to r2/redis-server --wait",
            "  redfleet failover show ID    the timeline of one"
        })
public final class SwitchOver extends Verb {
    /** Not required as picocli has it: it would be of {@code show} too. */
    @Parameters(paramLabel = "CLUSTER", arity = "0..1", description = "The cluster's name.")
    private String cluster = "";

    @Option(
            names = "--to",
            paramLabel = "INSTANCE",
            description = "Who is to be master, as HOST/NAME. Default: whom Sentinel chooses.")
    private String to = "";

    @Mixin
    private final Started started = new Started();

    public SwitchOver(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        if (cluster.isEmpty()) {
            throw usage("Say which: CLUSTER, or show ID");
        }
        Duration limit = started.limit(this);
        ObjectNode body = Shown.object();
        if (!to.isEmpty()) {
            body.put("to", to);
        }
        Answer answer = gateway.post(Names.cluster(cluster) + "/failover", started.with(Map.of()), body);
        return started.show(gateway, screen, answer, limit);
    }
}
