package io.redfleet.alert.audit;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * A place in the audit trail, between two entries.
 *
 * @param time of the entry before it, in whole microseconds
 * @param number of the entry before it, in the order of recording: tells entries of one microsecond apart
 */
public record Cursor(Instant time, long number) {
    public String text() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time) + "." + number;
    }

    /** Empty for what {@link #text()} never wrote. */
    public static Optional<Cursor> parse(String text) {
        int dot = text.indexOf('.');
        if (dot < 1) {
            return Optional.empty();
        }
        try {
            Instant time = Instant.EPOCH.plus(Long.parseLong(text.substring(0, dot)), ChronoUnit.MICROS);
            return Optional.of(new Cursor(time, Long.parseLong(text.substring(dot + 1))));
        } catch (NumberFormatException | DateTimeException | ArithmeticException notOurs) {
            return Optional.empty();
        }
    }
}
