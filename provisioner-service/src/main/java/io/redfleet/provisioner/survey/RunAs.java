package io.redfleet.provisioner.survey;

/** As whom a script runs on its host. */
public enum RunAs {
    /** The user of the SSH login. */
    LOGIN,
    /** By {@code sudo}, which must not ask for a password. The home directory is root's then: paths have to be absolute. */
    ROOT
}
