package io.redfleet.cli.verb.cluster;

import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.Shown;
import io.redfleet.cli.verb.Verb;
import io.redfleet.cli.verb.World;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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

    @Option(
            names = "--wait",
            description = "Of resume: where another operation holds the cluster or a host, wait for that; without this"
                    + " it is refused, and says who that is.")
    private boolean wait;

    public OperationOrder(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        String path = "/operations/" + Gateway.segment(id) + "/" + spec.name();
        if (wait && spec.name().equals("cancel")) {
            throw usage("--wait is of resume: a cancel waits for nobody.");
        }
        Map<String, String> query = wait ? Map.of("wait", "true") : Map.of();
        return Shown.shown(screen, gateway.post(path, query, Shown.object()), body -> {
            String status = Optional.ofNullable(body.get("status"))
                    .map(node -> node.asText())
                    .orElse("accepted");
            screen.line("operation " + id + ": " + spec.name() + " " + status);
        });
    }
}
