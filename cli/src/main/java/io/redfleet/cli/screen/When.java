package io.redfleet.cli.screen;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Moments and spans as people write and read them. */
public final class When {
    private static final Pattern SPAN = Pattern.compile("([0-9]{1,6})(ms|s|m|h|d)");

    private When() {}

    /** {@code 90s}, {@code 30m}, {@code 1h}, {@code 2d}; nothing if the text is no span. */
    public static Optional<Duration> span(String text) {
        Matcher match = SPAN.matcher(text);
        if (!match.matches()) {
            return Optional.empty();
        }
        long count = Long.parseLong(match.group(1));
        return Optional.of(
                switch (match.group(2)) {
                    case "ms" -> Duration.ofMillis(count);
                    case "s" -> Duration.ofSeconds(count);
                    case "m" -> Duration.ofMinutes(count);
                    case "h" -> Duration.ofHours(count);
                    default -> Duration.ofDays(count);
                });
    }

    /** A span back from {@code now}, or a moment in ISO 8601; nothing if the text is neither. */
    public static Optional<Instant> moment(String text, Instant now) {
        try {
            return Optional.of(span(text).map(now::minus).orElseGet(() -> Instant.parse(text)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** How long ago, in one or two units; the text itself if it is no moment. */
    public static String ago(String text, Instant now) {
        try {
            return compact(Duration.between(Instant.parse(text), now));
        } catch (DateTimeException e) {
            return text.isEmpty() ? "-" : text;
        }
    }

    /** A moment with milliseconds, in UTC; the text itself if it is none. */
    public static String exact(String text) {
        try {
            Instant at = Instant.parse(text).truncatedTo(ChronoUnit.MILLIS);
            return at.toString().replaceFirst("(:\\d\\d)Z$", "$1.000Z");
        } catch (DateTimeException e) {
            return text.isEmpty() ? "-" : text;
        }
    }

    private static String compact(Duration span) {
        long seconds = Math.max(0, span.toSeconds());
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return seconds / 60 + "m" + seconds % 60 + "s";
        }
        if (seconds < 86_400) {
            return seconds / 3600 + "h" + seconds % 3600 / 60 + "m";
        }
        return seconds / 86_400 + "d" + seconds % 86_400 / 3600 + "h";
    }
}
