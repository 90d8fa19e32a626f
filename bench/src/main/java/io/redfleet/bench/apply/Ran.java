package io.redfleet.bench.apply;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command that has ended.
 *
 * @param text all that it said
 */
record Ran(int status, String text, Instant begun, Duration took) {
    private static final Duration KILLED_WITHIN = Duration.ofSeconds(5);

    /**
     * Runs it with nothing to read.
     *
     * @param log what it says is kept there
     * @throws IllegalStateException with the end of what it said, if it does not end in time: then it is killed
     */
    static Ran of(List<String> command, Map<String, String> environment, Path log, Duration within)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Instant begun = Instant.now();
        long before = System.nanoTime();
        Process process = builder.start();
        process.getOutputStream().close();
        boolean ended = process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
        Duration took = Duration.ofNanos(System.nanoTime() - before);
        if (!ended) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            boolean gone = process.waitFor(KILLED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            throw new IllegalStateException(command.getFirst() + " did not end within " + within
                    + (gone ? "" : ", and outlives SIGKILL") + ":\n" + last(Files.readString(log)));
        }
        return new Ran(process.exitValue(), Files.readString(log), begun, took);
    }

    /** @throws IllegalStateException with the end of what it said, unless it ended with 0 */
    Ran orFail(String what) {
        if (status != 0) {
            throw new IllegalStateException(what + " ended with " + status + ":\n" + last(text));
        }
        return this;
    }

    double seconds() {
        return took.toNanos() / 1e9;
    }

    private static String last(String text) {
        List<String> lines = text.lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 25), lines.size()));
    }
}
