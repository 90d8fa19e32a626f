package io.redfleet.cli.verb.fleet;

import io.redfleet.cli.verb.Exit;
import io.redfleet.cli.verb.World;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A verb of the ./redfleet script: listed here so that help and completion know it, carried out there. */
@Command
@SuppressWarnings("NullAway.Init") // picocli sets the spec before the verb runs
public final class Here implements Callable<Integer> {
    private final World world;

    @Spec
    private CommandSpec spec;

    @Parameters(hidden = true)
    private List<String> unusedArguments = List.of();

    public Here(World world) {
        this.world = world;
    }

    @Override
    public Integer call() {
        world.err()
                .println(spec.name()
                        + " is carried out by the script ./redfleet in Redfleet's own tree, not by this program.");
        return Exit.BAD_USAGE;
    }
}
