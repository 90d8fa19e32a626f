package io.redfleet.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Processes that nobody here has started, known by a pid file below a directory of ours: the Redis and Sentinel processes
 * of loopback hosts, which the provisioner starts over SSH and starts again when they die.
 *
 * <p>A pid file alone proves nothing, for numbers are given anew. A lodger is a process that began before its pid file was
 * written and, where /proc tells, works below that directory.
 */
public final class Lodgers {
    private static final String SUFFIX = ".pid";
    private static final Duration POLITE = Duration.ofSeconds(10);
    /** Files carry the clock of the file system, processes that of the kernel's ticks. */
    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(2);
    /** hosts/NAME/CLUSTER/INSTANCE/redis.pid and some room. */
    private static final int DEPTH = 8;

    private Lodgers() {}

    /** Whether that process works below the directory now. False where the system does not tell. */
    public static boolean worksBelow(Path directory, long pid) {
        try {
            Path cwd = Path.of("/proc", Long.toString(pid), "cwd");
            return Files.readSymbolicLink(cwd).startsWith(directory.toRealPath());
        } catch (IOException | UnsupportedOperationException unknown) {
            return false;
        }
    }

    /** Ends all below the directory; whether none is left. Their data stays. */
    static boolean end(Path directory, Screen screen) throws IOException, InterruptedException {
        boolean clean = true;
        for (Path file : pidFiles(directory)) {
            Optional<Life> life = lodger(directory, file);
            if (life.isEmpty()) {
                continue;
            }
            String name = directory.relativize(file.getParent()).toString();
            Ending.How how = Ending.of(life.get(), "TERM", POLITE);
            screen.part(name, how == Ending.How.STILL_THERE ? "cannot be ended: " + life.get() : "ended");
            clean &= how != Ending.How.STILL_THERE;
        }
        return clean;
    }

    private static List<Path> pidFiles(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(directory, DEPTH)) {
            return new ArrayList<>(files.filter(file -> file.toString().endsWith(SUFFIX))
                    .filter(Files::isRegularFile)
                    .toList());
        }
    }

    private static Optional<Life> lodger(Path directory, Path file) throws IOException {
        long pid;
        try {
            pid = Long.parseLong(Files.readString(file).strip());
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
        Life life = Life.of(pid);
        Instant written = Files.getLastModifiedTime(file).toInstant();
        boolean before = ProcessHandle.of(pid)
                .flatMap(process -> process.info().startInstant())
                .map(start -> start.isBefore(written.plus(CLOCKS_DIFFER)))
                .orElse(false);
        boolean told = Files.isDirectory(Path.of("/proc/self"));
        return before && (!told || worksBelow(directory, pid)) ? Optional.of(life) : Optional.empty();
    }
}
