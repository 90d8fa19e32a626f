package io.redfleet.alert.notice;

import java.time.Instant;

/**
 * What one receiver was told of a case that lasts.
 *
 * @param since its period runs from here: a notice was queued for it, it took one, or it was to wait for another period
 * @param reminders how many were queued for it
 * @param withheld the number of the newest reminder that was told to be withheld; 0 if none was
 */
public record Reminded(Instant since, int reminders, int withheld) {
    /** Told now, for the first time or of what changed. */
    public static Reminded told(Instant now) {
        return new Reminded(now, 0, 0);
    }

    public Reminded waits(Instant now) {
        return new Reminded(now, reminders, withheld);
    }

    Reminded again(Instant now) {
        return new Reminded(now, reminders + 1, withheld);
    }

    Reminded withheld(Instant now) {
        return new Reminded(now, reminders, reminders + 1);
    }
}
