package io.redfleet.provisioner.survey;

/**
 * What was found of the Monit that reports of a cluster's instances on one host.
 *
 * @param binary Monit itself; empty: it is not installed
 * @param mount the mount point of the filesystem that holds the base directory, by which Monit knows it; empty: the host names
 *     none
 * @param owner the mark in its directory: the uid of the cluster; empty: there is none
 * @param file SHA-256 of its control file, in hex; empty: there is none
 * @param taken SHA-256 of the control file that it was last made to read; of a unit see {@link #taken(String, String)}
 * @param pid 0: it does not run
 * @param unit where systemd runs it
 */
public record AgentSurvey(
        String binary, String mount, String owner, String file, String taken, long pid, AgentUnit unit) {
    public static final AgentSurvey NONE = new AgentSurvey("", "", "", "", "", 0);

    /** Of one that systemd does not run. */
    public AgentSurvey(String binary, String mount, String owner, String file, String taken, long pid) {
        this(binary, mount, owner, file, taken, pid, AgentUnit.NONE);
    }

    /** Whether it runs by the control file with this SHA-256. */
    public boolean runsBy(String hash) {
        return pid != 0 && file.equals(hash) && taken.equals(hash);
    }

    /** Whether systemd runs it by the control file and the unit of these, and it was started by that unit. */
    public boolean runsBy(String hash, String unitHash) {
        return unit.active()
                && unit.hash().equals(unitHash)
                && file.equals(hash)
                && taken.equals(taken(hash, unitHash));
    }

    /** What is noted beside a control file that a unit's Monit has read: whoever was started by another unit is started anew. */
    public static String taken(String hash, String unitHash) {
        return hash + " " + unitHash;
    }

    /** The same host once a package has brought it this Monit, whatever else lies in PATH. */
    public AgentSurvey having(String installed) {
        return new AgentSurvey(installed, mount, owner, file, taken, pid, unit);
    }
}
