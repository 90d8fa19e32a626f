package io.redfleet.local;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One process of the stack.
 *
 * @param port 0 for one that does not listen
 * @param signal what ends it in good order
 * @param build changes when it was built anew or logs in anew
 * @param readyWithin from its start to its readiness
 */
record Part(
        String name, int port, String signal, String build, Duration readyWithin, Preparing preparing, Probe probe) {

    /** A command line and what it finds in its environment beside ours. No secret in either. */
    record Launch(List<String> command, Map<String, String> environment) {
        Launch {
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
        }
    }

    /** Does what comes before the first start (a data directory, say) and tells how it is started. */
    @FunctionalInterface
    interface Preparing {
        Launch prepare() throws IOException, InterruptedException, StartRefused;
    }

    /** Whether that process does its work now. Answers at once, or within a second or two. */
    @FunctionalInterface
    interface Probe {
        boolean ready(Life life) throws IOException;
    }
}
