package io.redfleet.contracts.cluster;

/** How a cluster is closed to strangers; for the cluster's life. */
public record SecuritySpec(Acl acl) {
    /** Clusters of releases that knew no access control; their records do not hold this part. */
    public static final SecuritySpec OFF = new SecuritySpec(Acl.OFF);

    /** Who makes the users and their passwords. */
    public enum Acl {
        /** Redfleet: a user for each purpose, with the least that it needs; nobody else comes in. */
        GENERATED,
        /** Nobody: whoever reaches the port may do everything. */
        OFF
    }

    public boolean generated() {
        return acl == Acl.GENERATED;
    }
}
