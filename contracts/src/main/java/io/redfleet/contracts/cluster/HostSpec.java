package io.redfleet.contracts.cluster;

import java.util.List;
import java.util.stream.Stream;

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

    /** With the other's instances besides. */
    HostSpec joined(HostSpec other) {
        List<InstanceSpec> all =
                Stream.concat(instances.stream(), other.instances.stream()).toList();
        return new HostSpec(name, address, zone, ssh, directory, all);
    }
}
