package io.redfleet.local;

import java.io.IOException;
import java.time.Duration;

/** Ends a process by its record: the polite signal, a deadline, SIGKILL. Looks before each that it is still the same. */
final class Ending {
    static final Duration POLITE = Duration.ofSeconds(15);
    private static final Duration KILLED = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(20);

    /** How it ended. */
    enum How {
        GONE_BEFORE,
        IN_ORDER,
        KILLED,
        STILL_THERE
    }

    private Ending() {}

    static How of(Life life, String signal, Duration polite) throws IOException, InterruptedException {
        if (!life.goesOn()) {
            return How.GONE_BEFORE;
        }
        send(life, signal);
        // A stopped process takes a signal only when it goes on.
        send(life, "CONT");
        if (awaited(life, polite)) {
            return How.IN_ORDER;
        }
        send(life, "KILL");
        return awaited(life, KILLED) ? How.KILLED : How.STILL_THERE;
    }

    private static void send(Life life, String signal) throws IOException, InterruptedException {
        if (life.goesOn()) {
            new ProcessBuilder("kill", "-" + signal, Long.toString(life.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        }
    }

    private static boolean awaited(Life life, Duration within) throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        while (life.goesOn()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            Thread.sleep(PAUSE);
        }
        return true;
    }
}
