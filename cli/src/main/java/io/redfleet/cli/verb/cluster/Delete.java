package io.redfleet.cli.verb.cluster;

import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.Names;
import io.redfleet.cli.verb.Started;
import io.redfleet.cli.verb.Verb;
import io.redfleet.cli.verb.World;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Ends a cluster. Its data stays unless the operator says otherwise (requirement: words before deeds). */
@Command(
        name = "delete",
        description = "Stop a cluster's instances and forget it. Data on the hosts is kept unless --remove-data.",
        footer = {"", "Example:", "  redfleet delete orders --confirm orders --wait"})
@SuppressWarnings("NullAway.Init") // picocli sets required options before the verb runs
public final class Delete extends Verb {
    @Parameters(paramLabel = "CLUSTER", description = "The cluster's name.")
    private String cluster;

    @Option(names = "--confirm", required = true, paramLabel = "NAME", description = "The cluster's name, once more.")
    private String confirm;

    @Option(names = "--remove-data", description = "Also remove the data directories.")
    private boolean removeData;

    @Mixin
    private final Started started = new Started();

    public Delete(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        Duration limit = started.limit(this);
        if (!confirm.equals(cluster)) {
            throw usage("--confirm " + confirm + " is not the name of the cluster, " + cluster + ".");
        }
        Map<String, String> query = Map.of("confirm", confirm, "keepData", String.valueOf(!removeData));
        return started.show(gateway, screen, gateway.delete(Names.cluster(cluster), query), limit);
    }
}
