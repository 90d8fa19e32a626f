package io.redfleet.contracts.health;

/** What a node says of itself in ROLE. */
public enum ReplicationRole {
    UNKNOWN,
    MASTER,
    REPLICA,
    SENTINEL
}
