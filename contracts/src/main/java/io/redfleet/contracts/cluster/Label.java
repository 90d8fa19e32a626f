package io.redfleet.contracts.cluster;

import java.util.Map;
import java.util.regex.Pattern;

/** One label as a person writes it: {@code key=value}, of the characters that labels of a spec have; the value may be empty. */
public record Label(String value) implements Word {
    /** For whoever refuses another form. */
    public static final String RULE =
            "key=value: each of letters, digits, dots, dashes, underscores and slashes, at most 63; the value may be empty";

    private static final String PART = "[A-Za-z0-9]([A-Za-z0-9._/-]{0,61}[A-Za-z0-9])?";
    private static final Pattern FORM = Pattern.compile(PART + "=(" + PART + ")?");

    public Label {
        if (!allowed(value)) {
            throw new IllegalArgumentException("not a label: " + value);
        }
    }

    public static boolean allowed(String value) {
        return FORM.matcher(value).matches();
    }

    /** Whether a cluster with these labels bears it: key and value, compared as texts. */
    public boolean isOn(Map<String, String> labels) {
        return labels.entrySet().containsAll(alone().entrySet());
    }

    /** The labels of a cluster that bears this one and no other. */
    public Map<String, String> alone() {
        int equals = value.indexOf('=');
        return Map.of(value.substring(0, equals), value.substring(equals + 1));
    }

    @Override
    public String toString() {
        return value;
    }
}
