package io.redfleet.contracts.cluster;

import java.util.regex.Pattern;

/** The name an operator gave a cluster: {@code [a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?}, or {@link #FLEET}. */
public record ClusterName(String value) implements Word {
    private static final Pattern FORM = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    /** Stands where something belongs to no cluster; no cluster can bear this name. */
    public static final ClusterName FLEET = new ClusterName("_fleet");

    public ClusterName {
        if (!value.equals("_fleet") && !FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a cluster name: " + value);
        }
    }

    /** Whether an operator may call a cluster so. */
    public static boolean allowed(String value) {
        return FORM.matcher(value).matches();
    }

    public boolean isFleet() {
        return value.equals("_fleet");
    }

    @Override
    public String toString() {
        return value;
    }
}
