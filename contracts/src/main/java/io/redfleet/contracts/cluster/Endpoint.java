package io.redfleet.contracts.cluster;

/** Where something listens: an address as it was written, and a port from 1 to 65535. */
public record Endpoint(String host, int port) {
    public Endpoint {
        if (host.isBlank() || port < 1 || port > 65535) {
            throw new IllegalArgumentException("not an endpoint: " + host + ":" + port);
        }
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
