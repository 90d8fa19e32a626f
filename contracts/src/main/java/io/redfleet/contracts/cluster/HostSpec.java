package io.redfleet.contracts.cluster;

import java.util.List;

/**
 * One host of a cluster.
 *
 * @param address what SSH, the probes and the other members connect to
 * @param zone the failure domain; empty when none was named
 * @param directory where the instances live; relative paths, of user-level instances only, start at the SSH user's home
 */
public record HostSpec(
        HostName name, String address, String zone, SshSpec ssh, String directory, List<InstanceSpec> instances) {
    public HostSpec {
        instances = List.copyOf(instances);
    }
}
