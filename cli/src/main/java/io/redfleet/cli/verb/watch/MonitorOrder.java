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
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Monitor or unmonitor: the verb is the name under which the command was added. */
@Command
@SuppressWarnings("NullAway.Init") // picocli sets spec and required parameters before the verb runs
public final class MonitorOrder extends Verb {
    @Spec
    private CommandSpec spec;

    @Mixin
    private final Subject subject = new Subject();

    public MonitorOrder(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        subject.needed();
        if (subject.grouped()) {
            return Shown.done(screen, gateway.get("/status", subject.query()), body -> grouped(gateway, screen, body));
        }
        if (subject.everything()) {
            return Shown.done(
                    screen, Pages.upTo(Pages.MOST, gateway, "/clusters", Map.of()), body -> all(gateway, screen, body));
        }
        Optional<Names.Instance> instance = subject.instance();
        return instance.isPresent()
                ? each(gateway, screen, List.of(instance.get()))
                : one(
                        gateway,
                        screen,
                        Names.cluster(subject.cluster().orElseThrow()),
                        subject.cluster().orElseThrow());
    }

    private int grouped(Gateway gateway, Screen screen, JsonNode status) {
        if (Subject.ofHostsAlone(status)) {
            screen.note("In this group are checks of hosts alone: they are always monitored.");
            return Exit.FAILED;
        }
        return each(gateway, screen, Subject.instances(status));
    }

    private int each(Gateway gateway, Screen screen, List<Names.Instance> instances) {
        return instances.stream()
                .mapToInt(instance -> one(gateway, screen, instance.path(), instance.toString()))
                .max()
                .orElse(Exit.DONE);
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
            for (JsonNode id : body.path("stopped")) {
                String stopped = body.path("cluster").asText() + "/" + id.asText();
                screen.note("  " + stopped + " was stopped on purpose and stays so: redfleet start " + stopped);
            }
            return Exit.DONE;
        });
    }
}
