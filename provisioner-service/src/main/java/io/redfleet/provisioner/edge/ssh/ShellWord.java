package io.redfleet.provisioner.edge.ssh;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The one place where text becomes part of a command line for a POSIX shell.
 *
 * <p>Single quotes take everything literally but the single quote itself, which is closed, escaped and opened again. A
 * NUL cannot be part of an argument in any way and is refused.
 */
public final class ShellWord {
    private ShellWord() {}

    /** The word that a POSIX shell reads back as exactly {@code text}. */
    public static String quote(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a NUL cannot be part of an argument");
        }
        return "'" + text.replace("'", "'\\''") + "'";
    }

    /** A command line of quoted words. */
    public static String command(List<String> argv) {
        return argv.stream().map(ShellWord::quote).collect(Collectors.joining(" "));
    }
}
