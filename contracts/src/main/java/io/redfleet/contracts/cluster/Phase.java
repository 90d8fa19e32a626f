package io.redfleet.contracts.cluster;

/** How far a cluster got on the way from its spec to running. */
public enum Phase {
    /** The spec is accepted; nothing on a host has been touched yet. */
    ACCEPTED,
    PROVISIONING,
    READY,
    /** The last operation failed; {@code reason} says where. What ran before goes on running and is watched. */
    FAILED,
    REMOVING
}
