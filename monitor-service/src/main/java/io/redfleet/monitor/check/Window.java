package io.redfleet.monitor.check;

/**
 * The window in which restarts are counted. As Monit has it, it is opened by the first one and does not slide (Monit manual,
 * Service restart limit; validate.c). One that slides remembers of each of the last {@link #SLIDING_MAX} judged cycles whether a
 * restart was attempted in it, and is looked at at the same point: before the tests of the next cycle.
 *
 * @param restarts attempts since it opened, whatever came of them, or all that one that slides remembers; 0: it is closed
 * @param cycles judged since it opened, the one of the first attempt not counted; 0 where it slides
 * @param attempts of one that slides: by cycle, the newest lowest; 1: attempted
 */
public record Window(int restarts, int cycles, long attempts, boolean slides) {
    /** The longest that a limit may look back: one more bit is the cycle at hand. */
    public static final int SLIDING_MAX = 63;

    public static final Window CLOSED = new Window(0, 0);

    /** As {@link #CLOSED}, of one that slides. */
    public static final Window EMPTY = sliding(0);

    /** One that tumbles. */
    public Window(int restarts, int cycles) {
        this(restarts, cycles, 0, false);
    }

    /** One that slides, as another process has left it. */
    public static Window sliding(long attempts) {
        return new Window(Long.bitCount(attempts), 0, attempts, true);
    }

    /** One more cycle is judged. */
    public Window judged() {
        if (slides) {
            return sliding(attempts << 1);
        }
        return restarts == 0 ? this : new Window(restarts, cycles + 1);
    }

    Window attempted() {
        return slides ? sliding(attempts | 1) : new Window(restarts + 1, cycles);
    }

    /** Of the same kind, with nothing counted. */
    Window closed() {
        return slides ? EMPTY : CLOSED;
    }

    boolean isClosed() {
        return restarts == 0 && cycles == 0;
    }

    boolean reached(int restartsMax, int within) {
        return restartsWithin(within) >= restartsMax && cycles <= within;
    }

    /** Attempts that a limit over so many cycles counts. */
    public int restartsWithin(int within) {
        if (!slides) {
            return restarts;
        }
        long looked = within >= SLIDING_MAX ? -1L : (1L << (within + 1)) - 1;
        return Long.bitCount(attempts & looked & ~1L);
    }

    /** Since how many cycles a limit over so many counts. */
    public int cyclesOf(int within) {
        return slides ? within : cycles;
    }

    /** With at least so many attempts counted, of which some are not known by their cycles: they count as the newest. */
    public Window atLeast(int attempted) {
        if (!slides) {
            return new Window(Math.max(restarts, attempted), cycles);
        }
        long known = attempts;
        for (long bit = 1; Long.bitCount(known) < attempted && bit != 0; bit <<= 1) {
            known |= bit;
        }
        return sliding(known);
    }
}
