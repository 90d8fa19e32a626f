package io.redfleet.cli.verb.watch;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.Exit;
import io.redfleet.cli.verb.Names;
import io.redfleet.cli.verb.Pages;
import io.redfleet.cli.verb.Shown;
import io.redfleet.cli.verb.Verb;
import io.redfleet.cli.verb.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Monitor or unmonitor: the verb is the name under which the command was added. */
@Command
@SuppressWarnings("NullAway.Init") // picocli sets spec and required parameters before the verb runs
public final class MonitorOrder extends Verb {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "all|CLUSTER[/HOST/NAME]", description = "All clusters, one, or one instance.")
    private String subject;

    public MonitorOrder(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        if (subject.equals("all")) {
            return Shown.done(
                    screen, Pages.upTo(Pages.MOST, gateway, "/clusters", Map.of()), body -> all(gateway, screen, body));
        }
        if (!subject.contains("/")) {
            return one(gateway, screen, Names.cluster(subject), subject);
        }
        Names.Instance instance = Names.instance(subject).orElseThrow(() -> usage("Not CLUSTER/HOST/NAME: " + subject));
        return one(gateway, screen, instance.path(), subject);
    }

    /** Every cluster is tried; the worst exit status of all is the answer. */
    private int all(Gateway gateway, Screen screen, JsonNode clusters) {
        List<String> names = new ArrayList<>();
        clusters.path("items").forEach(item -> names.add(item.path("name").asText()));
        return names.stream()
                .mapToInt(name -> one(gateway, screen, Names.cluster(name), name))
                .max()
                .orElse(Exit.DONE);
    }

    private int one(Gateway gateway, Screen screen, String path, String name) {
        return Shown.done(screen, gateway.post(path + "/" + spec.name(), Shown.object()), body -> {
            screen.note(name + ": " + spec.name() + "ed");
            return Exit.DONE;
        });
    }
}
