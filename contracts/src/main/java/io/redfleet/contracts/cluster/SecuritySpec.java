package io.redfleet.contracts.cluster;

import org.jspecify.annotations.Nullable;

/**
 * How a cluster is closed to strangers; for the cluster's life.
 *
 * @param tls missing in records of before: those clusters are spoken to in the clear
 */
public record SecuritySpec(Acl acl, @Nullable TlsSpec tls) {
    /** Clusters of releases that knew no access control; their records do not hold this part. */
    public static final SecuritySpec OFF = new SecuritySpec(Acl.OFF);

    public SecuritySpec {
        tls = tls == null ? TlsSpec.OFF : tls;
    }

    /** Without TLS. */
    public SecuritySpec(Acl acl) {
        this(acl, TlsSpec.OFF);
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
}
