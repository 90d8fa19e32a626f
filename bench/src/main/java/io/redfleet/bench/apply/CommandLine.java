package io.redfleet.bench.apply;

import io.redfleet.testkit.Checkout;
import io.redfleet.testkit.Installation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** {@code ./redfleet} as a person types it, on one installation and as its administrator. */
final class CommandLine {
    /** What it does itself before and after it waits. */
    private static final Duration BESIDES = Duration.ofSeconds(40);

    private final Installation stack;
    private final Path logs;
    private final AtomicInteger commands = new AtomicInteger();

    /** @param logs a directory that is there */
    CommandLine(Installation stack, Path logs) {
        this.stack = stack;
        this.logs = logs;
    }

    /** Waits for the operation that it starts, and fails unless that succeeds in time. */
    Ran waiting(Duration within, String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--wait", "--timeout", within.toSeconds() + "s"));
        return run(within.plus(BESIDES), all);
    }

    /** A question, answered at once. */
    Ran asking(String... words) throws IOException, InterruptedException {
        return run(BESIDES, List.of(words));
    }

    private Ran run(Duration within, List<String> words) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(Checkout.root().resolve("redfleet").toString()));
        command.addAll(words);
        Map<String, String> environment = Map.of(
                "REDFLEET_HOME",
                stack.home().toString(),
                "REDFLEET_URL",
                stack.gateway(),
                "REDFLEET_TOKEN_FILE",
                stack.home().resolve("credentials/admin-token").toString());
        Path log = logs.resolve("redfleet-" + commands.getAndIncrement() + ".log");
        return Ran.of(command, environment, log, within).orFail("redfleet " + words.getFirst());
    }
}
