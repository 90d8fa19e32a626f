package io.redfleet.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A command that is waited for. Whoever tells us to stop meanwhile ends it as well, with the children that it has: what it makes
 * is of no use to anybody then, and nothing of ours may go on writing.
 */
final class Errand {
    private static final Duration GONE_WITHIN = Duration.ofSeconds(5);

    private Errand() {}

    /**
     * @param input for its standard input, which is closed after it
     * @return its status; empty if it did not end in time: then it has been ended
     */
    static OptionalInt run(ProcessBuilder command, String input, Duration within)
            throws IOException, InterruptedException {
        Process process = command.start();
        Thread end = new Thread(() -> end(process), "end of an errand");
        onceTold(end);
        try {
            try (var out = process.getOutputStream()) {
                out.write(input.getBytes(StandardCharsets.UTF_8));
            }
            return process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)
                    ? OptionalInt.of(process.exitValue())
                    : OptionalInt.empty();
        } finally {
            if (process.isAlive()) {
                end(process);
            }
            notTold(end);
        }
    }

    private static void onceTold(Thread end) {
        try {
            Runtime.getRuntime().addShutdownHook(end);
        } catch (IllegalStateException told) {
            end.start();
        }
    }

    private static void notTold(Thread end) {
        try {
            Runtime.getRuntime().removeShutdownHook(end);
        } catch (IllegalStateException told) {
            // It has begun, and this JVM waits for it.
        }
    }

    /** The parent before its children, so that it begets no others. One born after the look has lost who feeds it. */
    private static void end(Process process) {
        List<ProcessHandle> all = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle each : all) {
            try {
                each.onExit().get(GONE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                System.err.println("redfleet: process " + each.pid() + " outlives SIGKILL");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
