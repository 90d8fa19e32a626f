package io.redfleet.provisioner.recipe;

/** What a binary says it is. */
final class Version {
    private Version() {}

    /** 0 for what is no version. */
    static int major(String version) {
        int dot = version.indexOf('.');
        String major = dot < 0 ? version : version.substring(0, dot);
        return major.matches("\\d{1,3}") ? Integer.parseInt(major) : 0;
    }
}
