package io.redfleet.cli.verb;

import java.io.InputStream;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Map;

/**
 * Everything that a verb takes from the process around it; a test brings its own.
 *
 * @param terminal whether a person looks at {@code out}: decides color, nothing else
 */
public record World(
        Map<String, String> env,
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean terminal,
        InstantSource clock) {
    public World {
        env = Map.copyOf(env);
    }
}
