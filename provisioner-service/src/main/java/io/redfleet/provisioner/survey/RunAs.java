package io.redfleet.provisioner.survey;

import io.redfleet.contracts.cluster.ClusterSpec;
import java.util.List;

/** As whom a script runs on its host. */
public enum RunAs {
    /** The user of the SSH connection. */
    LOGIN,
    /** The user whose the directories are of instances that systemd runs: a link that lies there leads root nowhere. */
    REDIS,
    /** For what belongs to the machine, on paths alone that nobody but root can change. */
    ROOT;

    /** The account of {@link #REDIS}, which the scripts know too. */
    public static final String USER = "redis";

    /** Whose the directories of a cluster's instances are. */
    public static RunAs keeper(ClusterSpec spec) {
        return spec.runsOnSystemd() ? REDIS : LOGIN;
    }

    /** What stands before a command; sudo that would have to ask for a password fails at once. */
    public List<String> before() {
        return switch (this) {
            case LOGIN -> List.of();
            case REDIS -> List.of("sudo", "-n", "-u", USER, "--");
            case ROOT -> List.of("sudo", "-n", "--");
        };
    }
}
