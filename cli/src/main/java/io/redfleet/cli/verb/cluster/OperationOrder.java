package io.redfleet.cli.verb.cluster;

import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.Shown;
import io.redfleet.cli.verb.Verb;
import io.redfleet.cli.verb.World;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Cancel or resume: the verb is the name under which the command was added. */
@Command
@SuppressWarnings("NullAway.Init") // picocli sets spec and required parameters before the verb runs
public final class OperationOrder extends Verb {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "OPERATION", description = "The operation's id.")
    private String id;

    public OperationOrder(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        String path = "/operations/" + Gateway.segment(id) + "/" + spec.name();
        return Shown.shown(screen, gateway.post(path, Shown.object()), body -> {
            String status = Optional.ofNullable(body.get("status"))
                    .map(node -> node.asText())
                    .orElse("accepted");
            screen.line("operation " + id + ": " + spec.name() + " " + status);
        });
    }
}
