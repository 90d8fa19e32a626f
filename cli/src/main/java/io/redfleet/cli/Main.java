package io.redfleet.cli;

import io.redfleet.cli.verb.World;
import java.io.Console;
import java.lang.reflect.InvocationTargetException;
import java.time.InstantSource;

/** Where the process begins and ends. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        World world = new World(System.getenv(), System.in, System.out, System.err, terminal(), InstantSource.system());
        System.exit(run(world, args));
    }

    /** The exit status of one command line. */
    public static int run(World world, String... args) {
        return Verbs.over(world, args).execute(args);
    }

    /**
     * Whether standard input and output are a terminal. From JDK 22 on there is a console also without one, and only
     * {@code isTerminal} tells; this code is compiled against 21, which does not have it.
     */
    @SuppressWarnings("SystemConsoleNull") // JDK 21 returns null, and later ones are asked below
    static boolean terminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException e) {
            return false;
        }
    }
}
