package io.redfleet.monitor.check;

/**
 * The default policy, the founding article's two lines: connection failed, then restart; five restarts within five cycles,
 * then monitoring stops.
 *
 * <p>The window is Monit's: opened by the first counted restart, not sliding, judged before the test and so one cycle
 * late (Monit manual, Service restart limit; validate.c). Attempts count, not successes; what was asked for and never
 * tried is no attempt. A cycle in which the action was held back, or is still to be tried, is not judged and moves nothing,
 * as Monit's start grace does not.
 */
public final class ArticleRule {
    public static final String CONNECTION = "failed connection";
    public static final int RESTARTS = 5;
    public static final int CYCLES = 5;

    private ArticleRule() {}

    /**
     * Where one instance stands in the open window.
     *
     * @param restarts attempts since the window opened
     * @param cycles judged cycles since then
     * @param failed whether the connection rule is failed at present
     */
    public record Window(int restarts, int cycles, boolean failed) {
        public static final Window CLEAN = new Window(0, 0, false);

        /** A restart that was asked for has been tried, with the cycle in which it was asked for. */
        public Window tried() {
            return new Window(restarts + 1, restarts == 0 ? 0 : cycles + 1, failed);
        }

        Window attempted() {
            return new Window(restarts + 1, cycles, true);
        }
    }

    /** What one cycle said. */
    public sealed interface Outcome {
        Window next();
    }

    /** @param recovered whether the rule was failed before this cycle */
    public record Well(Window next, boolean recovered) implements Outcome {}

    /**
     * A restart is due.
     *
     * @param next once the restart has been tried; until then the window stays as it was
     * @param fresh whether the rule has failed just now
     */
    public record Restart(Window next, boolean fresh) implements Outcome {}

    /** The limit: nothing more is asked for until somebody says so. */
    public record GiveUp(Window next, int restarts, int cycles) implements Outcome {}

    /** @param failing whether the instance is down, hung or unreachable at this cycle */
    public static Outcome cycle(Window window, boolean failing) {
        Window open =
                window.restarts() == 0 ? window : new Window(window.restarts(), window.cycles() + 1, window.failed());
        if (open.restarts() >= RESTARTS && open.cycles() <= CYCLES) {
            return new GiveUp(Window.CLEAN, open.restarts(), open.cycles());
        }
        if (open.cycles() > CYCLES) {
            open = new Window(0, 0, open.failed());
        }
        if (!failing) {
            return new Well(new Window(open.restarts(), open.cycles(), false), open.failed());
        }
        return new Restart(open.attempted(), !open.failed());
    }
}
