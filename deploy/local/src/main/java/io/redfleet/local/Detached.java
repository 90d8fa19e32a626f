package io.redfleet.local;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Starts processes that outlive this one: a session of their own where setsid is there, so that Ctrl-C and a closed
 * terminal do not reach them, no standard input, output appended to the part's log.
 */
final class Detached {
    /** A log that has grown beyond this is set aside, once, when its part starts anew. */
    private static final long LOG_LIMIT_BYTES = 20L * 1024 * 1024;

    /** What it writes is for its owner alone. The shell becomes the program: the pid stays. */
    static final List<String> CLOSED = List.of("sh", "-c", "umask 077; exec \"$0\" \"$@\"");

    private Detached() {}

    static Life start(Part.Launch launch, Home home, String part) throws IOException {
        Path log = home.log(part);
        setAsideIfLong(log);
        List<String> command = new ArrayList<>();
        // A child of ours leads no process group, so setsid does not fork and the pid stays the one that we see.
        inPath("setsid").ifPresent(command::add);
        command.addAll(CLOSED);
        command.addAll(launch.command());
        OwnerOnly.file(log);
        var builder = new ProcessBuilder(command)
                .directory(home.logs().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(launch.environment());
        return Life.of(builder.start().pid());
    }

    /** The program's path, if the machine has it. */
    static Optional<String> inPath(String program) {
        return Arrays.stream(
                        System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(File.pathSeparator))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    /** The last lines of a log, for the one who wants to know why. */
    static List<String> lastLines(Path log, int count) {
        try {
            if (!Files.exists(log)) {
                return List.of();
            }
            List<String> lines = Files.readAllLines(log);
            return lines.subList(Math.max(0, lines.size() - count), lines.size());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void setAsideIfLong(Path log) throws IOException {
        if (Files.exists(log) && Files.size(log) > LOG_LIMIT_BYTES) {
            Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
