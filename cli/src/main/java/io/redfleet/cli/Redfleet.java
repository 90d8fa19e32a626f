package io.redfleet.cli;

import io.redfleet.cli.verb.fleet.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The word before every verb. */
@Command(
        name = "redfleet",
        description = "Redis high availability for a fleet of clusters.",
        synopsisSubcommandLabel = "VERB",
        versionProvider = Redfleet.FromJar.class,
        footer = {
            "",
            "Exit status: 0 done, 1 failed, 2 bad usage, 3 not reachable.",
            "Environment: REDFLEET_URL, REDFLEET_CA, REDFLEET_TOKEN_FILE, REDFLEET_HOME, REDFLEET_CLEARTEXT, NO_COLOR.",
            "",
            "Examples:",
            "  redfleet apply -f orders.yaml --wait      make a cluster",
            "  redfleet status orders                    how it is",
            "  redfleet events --follow                  what happens, as it happens",
            "  redfleet VERB --help                      more on one verb"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the spec before anything runs
final class Redfleet implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean unusedHelp; // picocli acts on it

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    private boolean unusedVersion; // picocli acts on it

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "A verb is missing.");
    }

    /** For picocli's --version. */
    static final class FromJar implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"redfleet " + Version.text()};
        }
    }
}
