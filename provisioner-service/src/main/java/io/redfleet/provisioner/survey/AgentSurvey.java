package io.redfleet.provisioner.survey;

/**
 * What was found of the Monit that reports of a cluster's instances on one host.
 *
 * @param binary Monit itself; empty: it is not installed
 * @param mount the mount point of the filesystem that holds the base directory, by which Monit knows it; empty: the host names
 *     none
 * @param owner the mark in its directory: the uid of the cluster; empty: there is none
 * @param file SHA-256 of its control file, in hex; empty: there is none
 * @param taken SHA-256 of the control file that it was last made to read
 * @param pid 0: it does not run
 */
public record AgentSurvey(String binary, String mount, String owner, String file, String taken, long pid) {
    public static final AgentSurvey NONE = new AgentSurvey("", "", "", "", "", 0);

    /** Whether it runs by the control file with this SHA-256. */
    public boolean runsBy(String hash) {
        return pid != 0 && file.equals(hash) && taken.equals(hash);
    }
}
