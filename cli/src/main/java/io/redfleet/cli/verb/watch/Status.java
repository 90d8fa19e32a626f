package io.redfleet.cli.verb.watch;

import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.Names;
import io.redfleet.cli.verb.Verb;
import io.redfleet.cli.verb.World;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** `monit status`, for the fleet, a cluster or an instance. */
@Command(
        name = "status",
        description = "Every instance in full, as monit status prints it.",
        footer = {"", "Examples:", "  redfleet status orders", "  redfleet status orders/r1/redis-server"})
public final class Status extends Verb {
    @Parameters(arity = "0..1", paramLabel = "CLUSTER[/HOST/NAME]", description = "Default: the fleet.")
    private @Nullable String subject;

    public Status(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        Map<String, String> query = new HashMap<>();
        if (subject != null && subject.contains("/")) {
            String text = subject;
            Names.Instance instance = Names.instance(text).orElseThrow(() -> usage("Not CLUSTER/HOST/NAME: " + text));
            query.put("cluster", instance.cluster());
            query.put("instance", instance.id());
        } else if (subject != null) {
            query.put("cluster", subject);
        }
        return MonitText.show(gateway, screen, "/status", query);
    }
}
