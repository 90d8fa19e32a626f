package io.redfleet.provisioner.survey;

import io.redfleet.contracts.cluster.JumpHost;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a host is reached. Two accesses that are equal share one connection.
 *
 * @param host the host's name in its spec, for messages
 * @param credential the name of a private key that an admin put into the credentials directory, never the key
 * @param hostKey type and base64 of the host's public key, or empty: learnt at first contact, pinned from then on
 * @param via the jump host, which takes the same key; null: the host is connected to as it is
 */
public record HostAccess(
        String host,
        String address,
        int port,
        String user,
        String credential,
        String hostKey,
        @Nullable JumpHost via) {
    public HostAccess {
        Objects.requireNonNull(hostKey);
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port " + port);
        }
    }

    /** Without a jump host. */
    public HostAccess(String host, String address, int port, String user, String credential, String hostKey) {
        this(host, address, port, user, credential, hostKey, null);
    }

    /** The same for the same account of the same machine, whatever a spec calls it. */
    public String place() {
        return user + "@" + address + ":" + port + "/";
    }

    @Override
    public String toString() {
        String way = via == null ? "" : " via " + via;
        return host + " (" + user + "@" + address + ":" + port + way + ")";
    }
}
