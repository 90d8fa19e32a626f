package io.redfleet.monitor.check;

/**
 * The window in which restarts are counted: opened by the first one, not sliding (Monit manual, Service restart limit;
 * validate.c).
 *
 * @param restarts attempts since it opened, whatever came of them; 0: it is closed
 * @param cycles judged since then, the one of the first attempt not counted
 */
public record Window(int restarts, int cycles) {
    public static final Window CLOSED = new Window(0, 0);

    /** One more cycle is judged. */
    public Window judged() {
        return restarts == 0 ? this : new Window(restarts, cycles + 1);
    }

    Window attempted() {
        return new Window(restarts + 1, cycles);
    }

    boolean reached(int restartsMax, int within) {
        return restarts >= restartsMax && cycles <= within;
    }
}
