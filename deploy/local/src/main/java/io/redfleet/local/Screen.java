package io.redfleet.local;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Progress, a line at a time, from several threads. */
public final class Screen {
    private final PrintStream out;

    public Screen(PrintStream out) {
        this.out = out;
    }

    public synchronized void line(String text) {
        out.println(text);
        out.flush();
    }

    public void part(String name, String what) {
        line(String.format(Locale.ROOT, "  %-12s %s", name, what));
    }

    public static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
}
