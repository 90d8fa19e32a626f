package io.redfleet.monitrc;

import java.time.Duration;

/**
 * How much of a result is needed before it counts (Monit manual, Fault tolerance).
 *
 * @param count 1 to {@code cycles}
 * @param cycles 1 to {@link #CYCLES_MAX}, the last ones being looked at
 * @param lasting instead of cycles: without a break for this long; zero otherwise. Monit does not know it
 */
public record Tolerance(int count, int cycles, Duration lasting) {
    public static final int CYCLES_MAX = 64;
    public static final Tolerance AT_ONCE = consecutive(1);

    public Tolerance {
        if (count < 1 || count > cycles || cycles > CYCLES_MAX) {
            throw new IllegalArgumentException(count + " times within " + cycles + " cycles");
        }
    }

    public static Tolerance consecutive(int cycles) {
        return within(cycles, cycles);
    }

    public static Tolerance within(int count, int cycles) {
        return new Tolerance(count, cycles, Duration.ZERO);
    }

    public static Tolerance lasting(Duration duration) {
        return new Tolerance(1, 1, duration);
    }

    public boolean isDuration() {
        return !lasting.isZero();
    }
}
