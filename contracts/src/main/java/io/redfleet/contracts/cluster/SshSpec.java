package io.redfleet.contracts.cluster;

import org.jspecify.annotations.Nullable;

/**
 * How a host is reached.
 *
 * @param credential the name of a key file that the provisioner keeps, never the key
 * @param hostKey the pinned public key as {@code "ssh-ed25519 AAAA..."}; null: learnt at first contact, then pinned
 * @param via the jump host as {@code user@address:port}, which is logged in to with the same key; null: the host is
 *     connected to as it is
 */
public record SshSpec(
        String user,
        int port,
        String credential,
        @Nullable String hostKey,
        @Nullable String via) {
    /** Without a jump host. */
    public SshSpec(String user, int port, String credential, @Nullable String hostKey) {
        this(user, port, credential, hostKey, null);
    }
}
