package io.redfleet.contracts.operation;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.InstanceId;
import java.time.Instant;
import java.util.Map;

/**
 * The record of the hosts topic: what was last heard of a host.
 *
 * @param reachable whether the facts channel is up; false: every other figure is as old as {@code at}
 * @param bootId the kernel's boot id; differs after a reboot
 * @param clockOffsetMillis the host's clock minus ours, as one exchange showed it (half the round trip is the doubt)
 */
public record HostFacts(
        int schema,
        ClusterName cluster,
        HostName host,
        Instant at,
        boolean reachable,
        String reason,
        String bootId,
        double load1,
        long memoryTotalBytes,
        long memoryAvailableBytes,
        long diskTotalBytes,
        long diskAvailableBytes,
        long clockOffsetMillis,
        Map<InstanceId, ProcessFacts> processes) {
    public static final int SCHEMA = 1;

    public HostFacts {
        processes = Map.copyOf(processes);
    }
}
