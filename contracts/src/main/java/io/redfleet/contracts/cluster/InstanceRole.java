package io.redfleet.contracts.cluster;

/** Which program an instance is. Who is master among the {@code REDIS} ones is never a matter of the spec. */
public enum InstanceRole {
    REDIS,
    SENTINEL
}
