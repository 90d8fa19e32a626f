package io.redfleet.contracts.cluster;

import org.jspecify.annotations.Nullable;

/**
 * How a cluster is closed to strangers; {@code acl} is for the cluster's life.
 *
 * @param probe of a cluster that somebody else runs; null: its nodes ask for no password, or Redfleet has made them all
 */
public record SecuritySpec(Acl acl, @Nullable ProbeSpec probe) {
    /** Clusters of releases that knew no access control; their records do not hold this part. */
    public static final SecuritySpec OFF = new SecuritySpec(Acl.OFF);

    /** Who makes the users and their passwords. */
    public enum Acl {
        /** Redfleet: a user for each purpose, with the least that it needs; nobody else comes in. */
        GENERATED,
        /** Nobody: whoever reaches the port may do everything. */
        OFF
    }

    /** Where nobody but Redfleet says who logs in. */
    public SecuritySpec(Acl acl) {
        this(acl, null);
    }

    public boolean generated() {
        return acl == Acl.GENERATED;
    }

    /** Whether the monitor needs a password. */
    public boolean guarded() {
        return generated() || probe != null;
    }
}
