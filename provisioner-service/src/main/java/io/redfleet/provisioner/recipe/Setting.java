package io.redfleet.provisioner.recipe;

import io.redfleet.provisioner.survey.MemorySize;
import java.util.Locale;
import java.util.OptionalLong;

/** One directive: as a line of a file, and compared with what CONFIG GET says. */
final class Setting {
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
        return MemorySize.bytes(value).orElse(0);
    }

    private static String sorted(String flags) {
        int[] sorted = flags.chars().sorted().toArray();
        return new String(sorted, 0, sorted.length);
    }

    private static String bytes(String value) {
        OptionalLong amount = MemorySize.bytes(value);
        return amount.isPresent()
                ? String.valueOf(amount.getAsLong())
                : value.trim().toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
    }
}
