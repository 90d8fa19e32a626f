package io.redfleet.provisioner.tuning;

import java.util.Locale;

/** One thing of a machine that is set as a whole, and the file by which it holds after a boot. tune.sh and survey.sh know both. */
public enum TuningPart {
    SYSCTL("/etc/sysctl.d/60-redfleet.conf"),
    /** Transparent huge pages, by a unit that runs once at each boot. */
    THP("/etc/systemd/system/redfleet-thp.service"),
    /** Open files of who logs in by PAM; a unit has limits of its own. */
    LIMITS("/etc/security/limits.d/redfleet.conf");

    private final String path;

    TuningPart(String path) {
        this.path = path;
    }

    public String path() {
        return path;
    }

    /** As scripts and steps call it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
