package io.redfleet.provisioner.recipe;

import io.redfleet.contracts.cluster.TlsSpec;
import java.util.LinkedHashMap;
import java.util.Map;

/** On which port an instance is spoken to, and how: the same lines for a data node and a Sentinel. */
public final class Spoken {
    private Spoken() {}

    /**
     * Directives by name, in the order in which they are written. With TLS there is no port in the clear, and members, too, go to
     * each other by TLS only. Clients show no certificate: who they are, their passwords say.
     */
    public static Map<String, String> lines(TlsSpec tls, String port) {
        if (!tls.on()) {
            return Map.of("port", port);
        }
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("port", "0");
        lines.put("tls-port", port);
        lines.put("tls-cert-file", tls.certificate());
        lines.put("tls-key-file", tls.key());
        lines.put("tls-ca-cert-file", tls.caFile());
        lines.put("tls-auth-clients", "no");
        lines.put("tls-replication", "yes");
        return lines;
    }
}
