package io.redfleet.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * What {@code ps} would show of every process of this machine, looked at again and again for as long as a scenario runs:
 * the arguments of all, and the environment of all but redis-cli, which is given its password there for two seconds at
 * most and shows it to its own user only.
 */
final class Processes implements AutoCloseable {
    private static final long PAUSE_NANOS = 20_000_000;

    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final Set<String> looked = new HashSet<>();
    private final Thread thread = new Thread(this::look, "ps");
    private volatile boolean ended;

    Processes() {
        thread.setDaemon(true);
        thread.start();
    }

    /** Every command line and environment so far. */
    Set<String> seen() {
        return seen;
    }

    @Override
    public void close() {
        ended = true;
    }

    private void look() {
        while (!ended) {
            try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
                entries.filter(entry -> entry.getFileName().toString().matches("[0-9]+"))
                        .forEach(this::look);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void look(Path process) {
        String command = read(process.resolve("cmdline"));
        boolean asking = command.startsWith("redis-cli") || command.startsWith("timeout");
        seen.add(command);
        if (asking || command.isBlank() || !looked.add(process.getFileName() + " " + command)) {
            return;
        }
        String environment = read(process.resolve("environ"));
        // It may have become redis-cli in between.
        if (command.equals(read(process.resolve("cmdline")))) {
            seen.add(environment);
        }
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).replace('\0', ' ');
        } catch (IOException gone) {
            return "";
        }
    }
}
