package io.redfleet.monitor.check;

import java.util.Locale;

/** What a person may ask for (Monit manual, Arguments). */
public enum Wish {
    MONITOR,
    UNMONITOR,
    START,
    STOP,
    RESTART;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
