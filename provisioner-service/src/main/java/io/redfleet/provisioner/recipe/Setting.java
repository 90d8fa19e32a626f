package io.redfleet.provisioner.recipe;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One directive: as a line of a file, and compared with what CONFIG GET says. */
final class Setting {
    private static final Pattern MEMORY = Pattern.compile("(\\d{1,15})(b|k|kb|m|mb|g|gb)?");

    private Setting() {}

    /** A line that Redis reads back as these words. Nothing in the value may end the line or a quoted word. */
    static String line(String name, String value) {
        if (value.chars().anyMatch(c -> c < ' ' || c == '"' || c == '\'' || c == '\\' || c == 127)) {
            throw new IllegalArgumentException("a value that could break out of its line: " + name);
        }
        return name + " " + (value.isEmpty() ? "\"\"" : value) + "\n";
    }

    /** Whether a running instance's value means what was asked for: Redis answers in bytes and in its own order. */
    static boolean same(String name, String wanted, String found) {
        if (name.equals("notify-keyspace-events")) {
            return sorted(wanted).equals(sorted(found));
        }
        return bytes(wanted).equals(bytes(found));
    }

    /** How many bytes such a value means; 0 where it is none. */
    static long memory(String value) {
        String plain = bytes(value);
        return plain.matches("\\d{1,18}") ? Long.parseLong(plain) : 0;
    }

    private static String sorted(String flags) {
        int[] sorted = flags.chars().sorted().toArray();
        return new String(sorted, 0, sorted.length);
    }

    /** config.c memtoll: k, m, g are powers of 1000, kb, mb, gb of 1024; case does not matter. */
    private static String bytes(String value) {
        String plain = value.trim().toLowerCase(Locale.ROOT);
        Matcher matcher = MEMORY.matcher(plain);
        if (!matcher.matches()) {
            return plain.replaceAll("\\s+", " ");
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
        return String.valueOf(Long.parseLong(matcher.group(1)) * factor);
    }
}
