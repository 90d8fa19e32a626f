package io.redfleet.alert.notice;

import java.time.Duration;

/** A span of time as a person says it: its two largest units, as in {@code 2 hours 5 minutes}. */
final class InWords {
    private InWords() {}

    /** What is shorter than a minute, or negative because clocks differ, is less than a minute. */
    static String of(Duration span) {
        if (span.compareTo(Duration.ofMinutes(1)) < 0) {
            return "less than a minute";
        }
        long days = span.toDays();
        int hours = span.toHoursPart();
        int minutes = span.toMinutesPart();
        if (days > 0) {
            return together(count(days, "day"), count(hours, "hour"));
        }
        return together(count(hours, "hour"), count(minutes, "minute"));
    }

    private static String together(String larger, String smaller) {
        return larger.isEmpty() || smaller.isEmpty() ? larger + smaller : larger + " " + smaller;
    }

    private static String count(long number, String unit) {
        return switch ((int) Math.min(number, 2)) {
            case 0 -> "";
            case 1 -> "1 " + unit;
            default -> number + " " + unit + "s";
        };
    }
}
