package io.redfleet.monitrc;

import io.redfleet.monitrc.grammar.MonitParser.LongUnitContext;
import io.redfleet.monitrc.grammar.MonitParser.TextContext;
import io.redfleet.monitrc.grammar.MonitParser.TimeUnitContext;
import java.time.Duration;
import java.util.regex.Pattern;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;

/** Values, texts and times as a file writes them. */
final class Values {
    private static final int DAY_SECONDS = 86_400;
    private static final Duration LONGEST = Duration.ofDays(3_650);

    private static final Pattern HOST = Pattern.compile("[\\p{Alnum}_.:-]{1,253}");

    private Values() {}

    /** The number; {@code least}, with a fault, where it is out of its range. */
    static int within(Faults faults, Token number, int least, int most, String what) {
        String digits = number.getText();
        int value = digits.length() > 9 ? -1 : Integer.parseInt(digits);
        if (value < least || value > most) {
            faults.add(number, what + " " + digits + " is not from " + least + " to " + most);
            return least;
        }
        return value;
    }

    /** Longer than nothing and at most ten years; without a unit in seconds. */
    static Duration time(Faults faults, Token number, @Nullable LongUnitContext unit, String what) {
        long seconds = unit == null || unit.SECOND() != null
                ? 1
                : unit.MINUTE() != null ? 60 : unit.HOUR() != null ? 3_600 : 86_400;
        return time(faults, number, Duration.ofSeconds(seconds), what);
    }

    /** Longer than nothing and at most ten years. */
    static Duration time(Faults faults, Token number, TimeUnitContext unit, String what) {
        return unit.longUnit() == null
                ? time(faults, number, Duration.ofMillis(1), what)
                : time(faults, number, unit.longUnit(), what);
    }

    /** From a second to a day. */
    static Duration seconds(Faults faults, Token number, String what) {
        return Duration.ofSeconds(within(faults, number, 1, DAY_SECONDS, what + " in seconds"));
    }

    /** A name or an address. */
    static String host(Faults faults, TextContext written) {
        String host = text(written.getText());
        if (!HOST.matcher(host).matches()) {
            faults.add(written.start, "'" + host + "' is not a host name or an address");
        }
        return host;
    }

    /** Without its quotes. */
    static String text(String written) {
        boolean quoted = written.length() >= 2 && (written.startsWith("\"") || written.startsWith("'"));
        return quoted ? written.substring(1, written.length() - 1) : written;
    }

    private static Duration time(Faults faults, Token number, Duration unit, String what) {
        String digits = number.getText();
        long count = digits.length() > 12 ? Long.MAX_VALUE : Long.parseLong(digits);
        if (count < 1 || count > LONGEST.dividedBy(unit)) {
            faults.add(number, what + " is not from 1 ms to 10 years: " + digits);
            return Duration.ofSeconds(1);
        }
        return unit.multipliedBy(count);
    }
}
