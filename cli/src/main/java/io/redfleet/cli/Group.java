package io.redfleet.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A word that only opens a group of verbs. */
@Command
@SuppressWarnings("NullAway.Init") // picocli sets the spec before the verb runs
final class Group implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean unusedHelp; // picocli acts on it

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "A verb is missing.");
    }
}
