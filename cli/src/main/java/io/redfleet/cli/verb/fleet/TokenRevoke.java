package io.redfleet.cli.verb.fleet;

import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.Shown;
import io.redfleet.cli.verb.Verb;
import io.redfleet.cli.verb.World;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Ends a token for good. */
@Command(name = "revoke", description = "End a token. This is final.")
@SuppressWarnings("NullAway.Init") // picocli sets required parameters before the verb runs
public final class TokenRevoke extends Verb {
    @Parameters(paramLabel = "ID", description = "The token's id, from: redfleet token list")
    private String id;

    public TokenRevoke(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        String path = "/tokens/" + Gateway.segment(id);
        return Shown.shown(screen, gateway.delete(path, Map.of()), body -> screen.line(id + ": revoked"));
    }
}
