package io.redfleet.contracts.cluster;

/**
 * The TLS of a cluster's instances, by material that its operator has put on the hosts; for the cluster's life.
 *
 * @param ca who signs the certificates, as PEM: public, and what whoever connects verifies by. Empty: there is no TLS
 * @param caFile where the same lies on each host; for Redis, and for what asks it there
 * @param certificate of the host, on each host
 * @param key where its private key lies on each host. What is in it, nobody but Redis reads
 */
public record TlsSpec(String ca, String caFile, String certificate, String key) {
    /** Of records that do not hold this part, too. */
    public static final TlsSpec OFF = new TlsSpec("", "", "", "");

    /** Whether instances speak TLS, and nothing but it. */
    public boolean on() {
        return !ca.isEmpty();
    }
}
