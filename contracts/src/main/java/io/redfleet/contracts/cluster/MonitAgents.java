package io.redfleet.contracts.cluster;

import java.util.List;

/**
 * By what the collector knows the Monits that the provisioner runs. Stands until they are gone from the hosts: what they say
 * last, that they stop, has to be heard.
 *
 * @param since the revision that asked for them; another one, after they were gone, gives other secrets
 */
public record MonitAgents(long since, List<Verifier> verifiers) {
    public MonitAgents {
        verifiers = List.copyOf(verifiers);
    }

    /**
     * Of one host.
     *
     * @param hash SHA-256, in hex, of what that host's Monit sends as its password: 256 bits that only the provisioner's key
     *     makes, so that who reads this can send nothing
     */
    public record Verifier(HostName host, String hash) {}
}
