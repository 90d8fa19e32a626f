package io.redfleet.contracts.cluster;

import java.util.regex.Pattern;

/** A host as its spec calls it, unique within a cluster. */
public record HostName(String value) implements Word {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");

    public HostName {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a host name: " + value);
        }
    }

    public static boolean allowed(String value) {
        return FORM.matcher(value).matches();
    }

    @Override
    public String toString() {
        return value;
    }
}
