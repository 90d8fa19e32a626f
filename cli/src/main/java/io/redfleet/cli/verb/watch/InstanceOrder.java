package io.redfleet.cli.verb.watch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.Names;
import io.redfleet.cli.verb.Shown;
import io.redfleet.cli.verb.Started;
import io.redfleet.cli.verb.Verb;
import io.redfleet.cli.verb.World;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Start, stop or restart: the verb is the name under which the command was added. */
@Command
@SuppressWarnings("NullAway.Init") // picocli sets spec and required parameters before the verb runs
public final class InstanceOrder extends Verb {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "CLUSTER/HOST/NAME", description = "The instance, for example orders/r1/redis-server.")
    private String subject;

    @Option(
            names = "--confirm",
            paramLabel = "WORD",
            description = "The exact word that the gateway asks for when the order would hurt.")
    private @Nullable String confirm;

    @Mixin
    private final Started started = new Started();

    public InstanceOrder(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        Duration limit = started.limit(this);
        Names.Instance instance = Names.instance(subject).orElseThrow(() -> usage("Not CLUSTER/HOST/NAME: " + subject));
        ObjectNode body = Shown.object();
        if (confirm != null) {
            body.put("confirm", confirm);
        }
        return started.show(gateway, screen, gateway.post(instance.path() + "/" + spec.name(), body), limit);
    }
}
