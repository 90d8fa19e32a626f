package io.redfleet.contracts.cluster;

/**
 * A host with a compiler, on which a source is built. It is no host of a cluster that it builds for.
 *
 * @param directory where it is built and results are kept; a relative path starts at the SSH user's home
 */
public record BuildHost(String address, SshSpec ssh, String directory) {}
