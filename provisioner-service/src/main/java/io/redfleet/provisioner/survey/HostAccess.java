package io.redfleet.provisioner.survey;

import java.util.Objects;

/**
 * How a host is reached. Two accesses that are equal share one connection.
 *
 * @param host the host's name in its spec, for messages
 * @param credential the name of a private key that an admin put into the credentials directory, never the key
 * @param hostKey type and base64 of the host's public key, or empty: learnt at first contact, pinned from then on
 */
public record HostAccess(String host, String address, int port, String user, String credential, String hostKey) {
    public HostAccess {
        Objects.requireNonNull(hostKey);
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port " + port);
        }
    }

    /** The same for the same account of the same machine, whatever a spec calls it. */
    public String place() {
        return user + "@" + address + ":" + port + "/";
    }

    @Override
    public String toString() {
        return host + " (" + user + "@" + address + ":" + port + ")";
    }
}
