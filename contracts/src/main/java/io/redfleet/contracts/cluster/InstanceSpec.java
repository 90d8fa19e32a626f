package io.redfleet.contracts.cluster;

/**
 * One instance on a host.
 *
 * @param announce what the instance tells others to reach it by; equals the host's address and the own port unless asked
 * @param replicaPriority Redis's own scale: lower is promoted first, 0 never; without meaning for a Sentinel
 */
public record InstanceSpec(String name, InstanceRole role, int port, int replicaPriority, Endpoint announce) {}
