package io.redfleet.contracts.access;

/** What a token allows; each includes what stands before it, except that nobody but a host's own Monit reports. */
public enum Role {
    /** Hands in the reports of one host's Monit, and nothing else. */
    REPORTER,
    /** Reads. */
    VIEWER,
    /** Reads and acts on clusters. */
    OPERATOR,
    /** Everything, tokens included. */
    ADMIN;

    public boolean includes(Role needed) {
        boolean apart = this == REPORTER || needed == REPORTER;
        return apart ? this == needed : compareTo(needed) >= 0;
    }
}
