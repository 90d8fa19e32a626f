package io.redfleet.provisioner.secret;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Sealed;
import io.redfleet.contracts.access.SealedSecret;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.wire.ServiceName;

/** Holds the keys. Thread-safe. */
public interface Locksmith {
    /** Why nothing can be sealed or opened, with what to do; empty when it can. */
    String trouble();

    /** A new password, from a cryptographic source. */
    Secret fresh();

    /**
     * @param occasion what it answers to; empty for the record of the topic
     * @throws IllegalStateException while there is {@link #trouble}
     */
    Sealed seal(ClusterUid uid, Purpose purpose, ServiceName audience, String occasion, Secret secret);

    Opening open(SealedSecret record);

    /**
     * What a host's own Monit sends, or is asked with: the same for the same cluster, host and revision, from nothing but the
     * provisioner's key, so that it is kept nowhere.
     *
     * @param use a word for each secret of one host
     * @param since the revision that asked for it; another gives another secret
     * @throws IllegalStateException while there is {@link #trouble}
     */
    Secret derived(String use, ClusterUid uid, HostName host, long since);

    /** What came of opening a record. */
    sealed interface Opening {}

    record Opened(Secret secret) implements Opening {}

    /** @param reason for a person; quotes nothing */
    record Closed(String reason) implements Opening {}
}
