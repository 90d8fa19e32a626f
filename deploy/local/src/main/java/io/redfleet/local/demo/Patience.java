package io.redfleet.local.demo;

import io.redfleet.local.Screen;
import io.redfleet.local.StartRefused;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Waits with a deadline, says now and then what is missing, and where to look if it never comes. */
final class Patience {
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration WORD_EVERY = Duration.ofSeconds(5);

    private final Screen screen;

    Patience(Screen screen) {
        this.screen = screen;
    }

    /** What is waited for, as it reads after "waiting for". */
    record Wanted(String what, Duration within, String whereToLook) {}

    <T> T until(Wanted wanted, Supplier<Attempt<T>> look) throws StartRefused, InterruptedException {
        long begun = System.nanoTime();
        long spoken = begun;
        while (true) {
            switch (look.get()) {
                case Attempt.Done<T> done -> {
                    return done.value();
                }
                case Attempt.NotYet<T> notYet -> {
                    long now = System.nanoTime();
                    if (now - begun > wanted.within().toNanos()) {
                        throw new StartRefused("waited " + Screen.seconds(wanted.within()) + " for " + wanted.what()
                                + ": " + notYet.why() + "\n  Look at: " + wanted.whereToLook());
                    }
                    if (now - spoken > WORD_EVERY.toNanos()) {
                        spoken = now;
                        screen.line("  waiting for " + wanted.what() + ": " + notYet.why());
                    }
                }
            }
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        }
    }
}
