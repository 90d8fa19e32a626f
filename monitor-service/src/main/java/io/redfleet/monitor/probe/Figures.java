package io.redfleet.monitor.probe;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The fields of an INFO answer, each cut at {@link #MOST_CHARS}: they end in events and records.
 *
 * @param fields by Redis's names, in the order of the answer
 */
public record Figures(Map<String, String> fields) {
    private static final int MOST_CHARS = 1_000;

    public Figures {
        fields = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** Lines of the form {@code name:value}; headings, empty lines and anything else are passed over. */
    public static Figures parse(String info) {
        Map<String, String> fields = new LinkedHashMap<>();
        info.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0 && !line.startsWith("#")) {
                fields.put(
                        cut(line.substring(0, colon)),
                        cut(line.substring(colon + 1).strip()));
            }
        });
        return new Figures(fields);
    }

    private static String cut(String text) {
        return text.length() <= MOST_CHARS ? text : text.substring(0, MOST_CHARS);
    }

    /** Empty when the section was not asked for or may not be read. */
    public String runId() {
        return fields.getOrDefault("run_id", "");
    }

    public long uptimeSeconds() {
        return number("uptime_in_seconds", -1);
    }

    public long loadingEtaSeconds() {
        return number("loading_eta_seconds", -1);
    }

    /** Whether a snapshot or rewrite is being written: then nobody stops it. */
    public boolean saving() {
        return number("rdb_bgsave_in_progress", 0) == 1 || number("aof_rewrite_in_progress", 0) == 1;
    }

    /** The field as a number with or without a fraction; empty when it is missing or none. */
    public OptionalDouble decimal(String name) {
        try {
            return OptionalDouble.of(Double.parseDouble(fields.getOrDefault(name, "none")));
        } catch (NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }

    /** The field as a whole number; {@code otherwise} when it is missing or none. */
    public long number(String name, long otherwise) {
        try {
            return Long.parseLong(fields.getOrDefault(name, ""));
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}
