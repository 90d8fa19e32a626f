package io.redfleet.contracts.cluster;

import java.util.List;

/**
 * Who may begin a connection to a cluster's ports, beside its own members.
 *
 * @param monitors addresses and networks (CIDR) from which monitors probe; they and clients are let in alike, and are told
 *     apart so that nobody shuts the monitors out by leaving them away
 * @param clients addresses and networks (CIDR) of applications
 */
public record FirewallSpec(Backend backend, List<String> monitors, List<String> clients) {
    /** Of records that do not hold this part, too: nothing is filtered. */
    public static final FirewallSpec NONE = new FirewallSpec(Backend.NONE, List.of(), List.of());

    public FirewallSpec {
        monitors = List.copyOf(monitors);
        clients = List.copyOf(clients);
    }

    /** What filters on the hosts. */
    public enum Backend {
        NONE,
        /** A table of the cluster's own on each host. */
        NFTABLES
    }

    /** Whether anything is filtered. */
    public boolean wanted() {
        return backend == Backend.NFTABLES;
    }
}
