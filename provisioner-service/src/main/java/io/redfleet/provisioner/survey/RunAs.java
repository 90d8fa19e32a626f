package io.redfleet.provisioner.survey;

import io.redfleet.contracts.cluster.ClusterSpec;
import java.util.List;

/** As whom a script runs on its host. */
public enum RunAs {
    /** The user of the SSH connection. */
    LOGIN,
    /** The user whose the directories are of instances that init runs: a link that lies there leads root nowhere. */
    REDIS,
    /** For what belongs to the machine, on paths alone that nobody but root can change. */
    ROOT;

    /** The account of {@link #REDIS}, which the scripts know too. */
    public static final String USER = "redis";

    /** What every script is fed to. */
    public static final String SHELL = "sh";

    /** Whose the directories of a cluster's instances are. */
    public static RunAs keeper(ClusterSpec spec) {
        return spec.runsByInit() ? REDIS : LOGIN;
    }

    /**
     * Whose rights sudo has to give for it.
     *
     * @throws IllegalStateException {@link #LOGIN} takes no sudo
     */
    public String account() {
        return switch (this) {
            case LOGIN -> throw new IllegalStateException("the SSH user runs it by itself");
            case REDIS -> USER;
            case ROOT -> "root";
        };
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
