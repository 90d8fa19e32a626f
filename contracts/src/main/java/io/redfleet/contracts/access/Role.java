package io.redfleet.contracts.access;

/** What a token allows; each includes what stands before it. */
public enum Role {
    /** Reads. */
    VIEWER,
    /** Reads and acts on clusters. */
    OPERATOR,
    /** Everything, tokens included. */
    ADMIN;

    public boolean includes(Role needed) {
        return compareTo(needed) >= 0;
    }
}
