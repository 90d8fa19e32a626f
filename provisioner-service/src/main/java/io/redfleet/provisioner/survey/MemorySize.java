package io.redfleet.provisioner.survey;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An amount of memory in the words of Redis: {@code 64mb}, or bytes as CONFIG GET has them. */
public final class MemorySize {
    private static final Pattern FORM = Pattern.compile("(\\d{1,15})(b|k|kb|m|mb|g|gb)?");

    private MemorySize() {}

    /**
     * By config.c, memtoll: k, m, g are powers of 1000, kb, mb, gb of 1024; case does not matter. Empty: it is no amount. What
     * is too large for a number is the largest.
     */
    public static OptionalLong bytes(String value) {
        Matcher matcher = FORM.matcher(value.trim().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        String unit = matcher.group(2) == null ? "b" : matcher.group(2);
        long factor = switch (unit) {
            case "k" -> 1000L;
            case "kb" -> 1024L;
            case "m" -> 1000_000L;
            case "mb" -> 1024L * 1024;
            case "g" -> 1000_000_000L;
            case "gb" -> 1024L * 1024 * 1024;
            default -> 1L;
        };
        long amount = Long.parseLong(matcher.group(1));
        return OptionalLong.of(amount > Long.MAX_VALUE / factor ? Long.MAX_VALUE : amount * factor);
    }
}
