package io.redfleet.cli.verb.fleet;

import io.redfleet.cli.verb.Exit;
import io.redfleet.cli.verb.World;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** The version of this program, from its jar. */
@Command(name = "version", description = "The version of this program.")
public final class Version implements Callable<Integer> {
    private final World world;

    public Version(World world) {
        this.world = world;
    }

    @Override
    public Integer call() {
        world.out().println("redfleet " + text());
        return Exit.DONE;
    }

    /** Classes that do not run from the jar have no version. */
    public static String text() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("from source");
    }
}
