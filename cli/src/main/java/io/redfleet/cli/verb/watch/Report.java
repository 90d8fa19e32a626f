package io.redfleet.cli.verb.watch;

import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.Exit;
import io.redfleet.cli.verb.Shown;
import io.redfleet.cli.verb.Verb;
import io.redfleet.cli.verb.World;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** `monit report`. */
@Command(
        name = "report",
        description =
                "How many instances and checks of hosts are up, down, initialising and unmonitored, as monit report counts them.",
        footer = {"", "Examples:", "  redfleet report", "  redfleet report down --cluster orders"})
public final class Report extends Verb {
    private static final List<String> STATES = List.of("up", "down", "initialising", "unmonitored", "total");

    @Parameters(
            arity = "0..1",
            paramLabel = "STATE",
            description = "Only this number: up, down, initialising, unmonitored or total.")
    private @Nullable String state;

    @Option(names = "--cluster", paramLabel = "NAME", description = "Only of this cluster.")
    private @Nullable String cluster;

    @Option(
            names = {"-g", "--group"},
            paramLabel = "GROUP",
            description = "Only those that the rules of their cluster put in this group.")
    private @Nullable String group;

    public Report(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        String only = state;
        if (only != null && !STATES.contains(only)) {
            throw usage("Not one of " + String.join(", ", STATES) + ": " + only);
        }
        Map<String, String> query = new HashMap<>();
        if (cluster != null) {
            query.put("cluster", cluster);
        }
        if (group != null) {
            query.put("group", group);
        }
        if (only != null) {
            return Shown.done(screen, gateway.get("/report", query), body -> {
                screen.line(body.path(only).asText());
                return Exit.DONE;
            });
        }
        return MonitText.show(gateway, screen, "/report", query);
    }
}
