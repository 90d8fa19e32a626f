package io.redfleet.contracts.cluster;

import org.jspecify.annotations.Nullable;

/**
 * How a cluster is closed to strangers; {@code acl} and {@code tls} are for the cluster's life.
 *
 * @param tls missing in records of before: those clusters are spoken to in the clear
 * @param probe of a cluster that somebody else built; null: its nodes ask for no password, or Redfleet has made them all
 */
public record SecuritySpec(
        Acl acl, @Nullable TlsSpec tls, @Nullable ProbeSpec probe) {
    /** Clusters of releases that knew no access control; their records do not hold this part. */
    public static final SecuritySpec OFF = new SecuritySpec(Acl.OFF);

    public SecuritySpec {
        tls = tls == null ? TlsSpec.OFF : tls;
    }

    /** Without TLS, where nobody but Redfleet says who logs in. */
    public SecuritySpec(Acl acl) {
        this(acl, TlsSpec.OFF, null);
    }

    /** Where nobody but Redfleet says who logs in. */
    public SecuritySpec(Acl acl, TlsSpec tls) {
        this(acl, tls, null);
    }

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

    /** Never null, whatever the record lacked. */
    @Override
    public TlsSpec tls() {
        return tls == null ? TlsSpec.OFF : tls;
    }

    /** Whether the monitor needs a password. */
    public boolean guarded() {
        return generated() || probe != null;
    }
}
