package io.redfleet.cli.verb.fleet;

import io.redfleet.cli.verb.Exit;
import io.redfleet.cli.verb.World;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A completion script; one text serves both shells, zsh through bashcompinit. */
@Command(
        name = "completion",
        description = "Write a completion script for bash or zsh.",
        footer = {
            "",
            "Examples:",
            "  source <(redfleet completion bash)",
            "  redfleet completion zsh > ~/.redfleet-completion && echo 'source ~/.redfleet-completion' >> ~/.zshrc"
        })
@SuppressWarnings("NullAway.Init") // picocli sets spec and required parameters before the verb runs
public final class Completion implements Callable<Integer> {
    /** The shells that the script serves. */
    enum Shell {
        BASH,
        ZSH
    }

    private final World world;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "bash|zsh", description = "The shell.")
    private Shell shell;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean unusedHelp; // picocli acts on it

    public Completion(World world) {
        this.world = world;
    }

    @Override
    public Integer call() {
        if (shell == Shell.ZSH) {
            world.out().println("autoload -U +X compinit && compinit");
            world.out().println("autoload -U +X bashcompinit && bashcompinit");
        }
        world.out().print(AutoComplete.bash("redfleet", spec.root().commandLine()));
        world.out().flush();
        return Exit.DONE;
    }
}
