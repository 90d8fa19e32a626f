package io.redfleet.gateway.edge.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** A certificate, what leads from it to its authority, and its key. Shows no key. */
record Identity(List<X509Certificate> chain, PrivateKey key) {
    Identity {
        chain = List.copyOf(chain);
    }

    X509Certificate certificate() {
        return chain.getFirst();
    }

    @Override
    public String toString() {
        return certificate().getSubjectX500Principal() + " until "
                + certificate().getNotAfter().toInstant();
    }
}
