package io.redfleet.testkit;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition with a deadline, looking every 10 ms: what tests do instead of sleeping. */
public final class Await {
    private static final Duration PAUSE = Duration.ofMillis(10);

    private Await() {}

    /**
     * Waits until it holds.
     *
     * @throws AssertionError naming {@code what} if it has not come true in time
     */
    public static void until(String what, Duration within, BooleanSupplier holds) {
        value(what, within, () -> holds.getAsBoolean() ? Optional.of(true) : Optional.empty());
    }

    /**
     * Waits for a value.
     *
     * @throws AssertionError naming {@code what} if none came in time
     */
    public static <T> T value(String what, Duration within, Supplier<Optional<T>> source) {
        long deadline = System.nanoTime() + within.toNanos();
        while (true) {
            Optional<T> found = source.get();
            if (found.isPresent()) {
                return found.get();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within " + within.toMillis() + " ms: " + what);
            }
            pause(PAUSE, what);
        }
    }

    /** Lets time pass up to a random moment of a seeded test; for anything that can be seen, wait for that. */
    public static void moment(Duration time) {
        pause(time, "a moment of " + time);
    }

    private static void pause(Duration time, String what) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting: " + what, e);
        }
    }
}
