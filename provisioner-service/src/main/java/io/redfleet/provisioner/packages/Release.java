package io.redfleet.provisioner.packages;

/** Versions as Redis itself tells them: {@code 7.0.15}. */
public final class Release {
    private static final String FORM = "\\d{1,6}(\\.\\d{1,6}){0,5}";

    private Release() {}

    /** @param wanted a version or its beginning; empty: any */
    public static boolean fits(String wanted, String found) {
        return wanted.isEmpty() || found.equals(wanted) || found.startsWith(wanted + ".");
    }

    /** Whether the one comes before the other, number by number; what is no version comes before and after nothing. */
    public static boolean older(String one, String other) {
        if (!one.matches(FORM) || !other.matches(FORM)) {
            return false;
        }
        String[] left = one.split("\\.", -1);
        String[] right = other.split("\\.", -1);
        for (int i = 0; i < Math.max(left.length, right.length); i++) {
            int mine = i < left.length ? Integer.parseInt(left[i]) : 0;
            int its = i < right.length ? Integer.parseInt(right[i]) : 0;
            if (mine != its) {
                return mine < its;
            }
        }
        return false;
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
