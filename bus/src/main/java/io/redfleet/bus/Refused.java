package io.redfleet.bus;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * What a reader does when the broker knows the login no more, or the right: it tries on, as when the broker is away. A
 * password that is drawn anew reaches broker and client at different moments, and a thread that had ended meanwhile would
 * stay ended.
 */
public final class Refused {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private Refused() {}

    /** Until the next try; an interrupt ends it early. */
    public static void pause() {
        LockSupport.parkNanos(PAUSE.toNanos());
    }
}
