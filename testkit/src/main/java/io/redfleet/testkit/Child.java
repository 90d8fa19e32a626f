package io.redfleet.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A process that a test started, with its output in a file; signals go to exactly this process.
 *
 * <p>What is still alive when this JVM ends is killed then.
 */
public final class Child {
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

    private static final Set<Process> LIVING = livingUntilExit();

    private final Process process;
    private final Path log;

    private Child(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts the command with {@code directory} as its working directory; output is appended to {@code log}. */
    public static Child start(List<String> command, Path directory, Path log) {
        var builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        try {
            Process process = builder.start();
            LIVING.add(process);
            process.getOutputStream().close();
            return new Child(process, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** What it has written so far. */
    public String output() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGTERM, and SIGKILL if that does not end it within ten seconds. Harmless if it has ended. */
    public void stop() {
        stop(STOP_WITHIN);
    }

    /** Like {@link #stop()}, with another patience. */
    public void stop(Duration within) {
        process.destroy();
        if (!ended(within)) {
            kill9();
        }
    }

    /** SIGKILL; returns when the process is gone. */
    public void kill9() {
        process.destroyForcibly();
        if (!ended(STOP_WITHIN)) {
            throw new AssertionError("process " + pid() + " outlived SIGKILL");
        }
    }

    /** SIGSTOP: alive, connections open, and silent. */
    public void freeze() {
        signal("STOP");
    }

    /** SIGCONT after {@link #freeze()}. */
    public void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                    .inheritIO()
                    .start();
            if (!kill.waitFor(STOP_WITHIN.toSeconds(), TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new AssertionError("signal " + name + " did not reach process " + pid());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while signalling " + pid(), e);
        }
    }

    private static Set<Process> livingUntilExit() {
        Set<Process> living = ConcurrentHashMap.newKeySet();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> living.forEach(Process::destroyForcibly), "test-children-end"));
        return living;
    }

    private boolean ended(Duration within) {
        try {
            boolean ended = process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
            if (ended) {
                LIVING.remove(process);
            }
            return ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + pid(), e);
        }
    }
}
