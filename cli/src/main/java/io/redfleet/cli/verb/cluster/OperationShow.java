package io.redfleet.cli.verb.cluster;

import static io.redfleet.cli.verb.Shown.cell;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.screen.Table;
import io.redfleet.cli.screen.When;
import io.redfleet.cli.verb.Shown;
import io.redfleet.cli.verb.Verb;
import io.redfleet.cli.verb.VerificationText;
import io.redfleet.cli.verb.World;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** One operation, step by step. */
@Command(name = "show", description = "One operation with its steps.")
@SuppressWarnings("NullAway.Init") // picocli sets required parameters before the verb runs
public final class OperationShow extends Verb {
    @Parameters(paramLabel = "OPERATION", description = "The operation's id.")
    private String id;

    public OperationShow(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        String path = "/operations/" + Gateway.segment(id);
        return Shown.shown(screen, gateway.get(path, Map.of()), body -> write(screen, body));
    }

    private static void write(Screen screen, JsonNode body) {
        screen.line(cell(body, "id") + "  " + Operations.subject(body) + "  " + cell(body, "kind") + "  "
                + cell(body, "status"));
        screen.line("  " + cell(body, "reason"));
        screen.line("  accepted " + When.exact(cell(body, "acceptedAt")) + " for "
                + cell(body.path("actor"), "name") + ", finished "
                + When.exact(cell(body, "finishedAt")));
        screen.line("");
        Table table = new Table("STATUS", "HOST", "TOOK", "STEP", "DETAIL");
        for (JsonNode step : body.path("steps")) {
            table.row(
                    cell(step, "status"),
                    cell(step, "host"),
                    step.path("tookMillis").asLong() + " ms",
                    cell(step, "title"),
                    cell(step, "detail"));
        }
        screen.table(table);
        JsonNode verification = body.path("verification");
        if (verification.isObject()) {
            screen.line("");
            VerificationText.limits(verification, screen::line);
            VerificationText.write(verification, screen::line);
        }
    }
}
