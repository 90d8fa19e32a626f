package io.redfleet.alert.edge.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * Which addresses a receiver may have. Whoever may set up a receiver could otherwise make us ask this machine's own ports
 * or a cloud's metadata service on the link.
 *
 * @param loopbackAllowed for a receiver on this machine, as in tests and the demo
 */
public record Addresses(boolean loopbackAllowed) {
    /** Why nothing may be sent to this host; empty if it may. Every address that the name has must be allowed. */
    Optional<String> forbids(String host) throws UnknownHostException {
        for (InetAddress address : InetAddress.getAllByName(host)) {
            Optional<String> reason = forbids(address);
            if (reason.isPresent()) {
                return reason;
            }
        }
        return Optional.empty();
    }

    Optional<String> forbids(InetAddress address) {
        if (address.isLoopbackAddress() && !loopbackAllowed) {
            return Optional.of("a loopback address");
        }
        if (address.isLinkLocalAddress()) {
            return Optional.of("a link-local address");
        }
        if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
            return Optional.of("an address of no one host");
        }
        return Optional.empty();
    }
}
