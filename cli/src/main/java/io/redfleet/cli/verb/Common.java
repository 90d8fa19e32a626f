package io.redfleet.cli.verb;

import io.redfleet.cli.gateway.Settings;
import io.redfleet.cli.screen.Form;
import io.redfleet.cli.screen.Screen;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that every verb takes. */
@SuppressWarnings("NullAway.Init") // picocli sets the spec before any verb runs
public final class Common {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The gateway. Default: REDFLEET_URL, or port 8080 of this machine.")
    private @Nullable String url;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "File (0600) with the token. Default: REDFLEET_TOKEN_FILE, or credentials/admin-token in "
                    + "REDFLEET_HOME.")
    private @Nullable Path tokenFile;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            description = "table, json or yaml. Default: table.")
    private Form output = Form.TABLE;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean unusedHelp; // picocli acts on it

    Settings settings(World world) {
        try {
            return Settings.of(world.env(), Optional.ofNullable(url), Optional.ofNullable(tokenFile));
        } catch (IllegalArgumentException e) {
            throw usage("The gateway's address: " + e.getMessage());
        }
    }

    Screen screen(World world) {
        boolean color =
                world.terminal() && world.env().getOrDefault("NO_COLOR", "").isEmpty();
        return new Screen(world.out(), world.err(), output, color);
    }

    CommandLine.ParameterException usage(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }
}
