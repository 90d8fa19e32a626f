package io.redfleet.provisioner.secret;

import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.HostName;
import java.util.Map;

/**
 * What the Monits that the provisioner runs on a cluster's hosts need, open.
 *
 * @param collector where they report, as {@code https://gateway.example.com:8474}
 * @param passes by host
 * @param trouble why none may be started; empty when they may
 */
public record Agents(String collector, Map<HostName, Pass> passes, String trouble) {
    /** Of a cluster that has none. */
    public static final Agents NONE = new Agents("", Map.of(), "");

    /**
     * Of one host.
     *
     * @param report what it sends to the collector as its password
     * @param console what it asks for at its own socket
     */
    public record Pass(Secret report, Secret console) {}

    public Agents {
        passes = Map.copyOf(passes);
    }

    static Agents impossible(String trouble) {
        return new Agents("", Map.of(), trouble);
    }

    public Pass of(HostName host) {
        Pass pass = passes.get(host);
        if (pass == null) {
            throw new IllegalStateException("no secrets of the Monit of " + host);
        }
        return pass;
    }

    /** A text as people may read it. */
    String masked(String text) {
        String shown = text;
        for (Pass pass : passes.values()) {
            shown = shown.replace(pass.report().reveal(), "***")
                    .replace(pass.console().reveal(), "***");
        }
        return shown;
    }
}
