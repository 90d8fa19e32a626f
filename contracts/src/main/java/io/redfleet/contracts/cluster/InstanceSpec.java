package io.redfleet.contracts.cluster;

import org.jspecify.annotations.Nullable;

/**
 * One instance on a host.
 *
 * @param announce what the instance tells others to reach it by; equals the host's address and the own port unless asked
 * @param replicaPriority Redis's own scale: lower is promoted first, 0 never; without meaning for a Sentinel
 * @param at where somebody else put it; null: it is where Redfleet puts instances, as in records of before
 */
public record InstanceSpec(
        String name,
        InstanceRole role,
        int port,
        int replicaPriority,
        Endpoint announce,
        @Nullable OwnPlace at) {
    /** One that is where Redfleet puts instances. */
    public InstanceSpec(String name, InstanceRole role, int port, int replicaPriority, Endpoint announce) {
        this(name, role, port, replicaPriority, announce, null);
    }
}
