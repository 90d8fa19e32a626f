package io.redfleet.provisioner.packages;

/** Versions as Redis itself tells them: {@code 7.0.15}. */
public final class Release {
    private Release() {}

    /** @param wanted a version or its beginning; empty: any */
    public static boolean fits(String wanted, String found) {
        return wanted.isEmpty() || found.equals(wanted) || found.startsWith(wanted + ".");
    }

    /** From 6.2 on. */
    public static boolean managed(String version) {
        String[] parts = version.split("\\.", -1);
        if (parts.length < 2 || !parts[0].matches("\\d{1,3}") || !parts[1].matches("\\d{1,3}")) {
            return false;
        }
        int major = Integer.parseInt(parts[0]);
        return major > 6 || (major == 6 && Integer.parseInt(parts[1]) >= 2);
    }
}
