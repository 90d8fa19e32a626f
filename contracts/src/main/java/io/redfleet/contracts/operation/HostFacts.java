package io.redfleet.contracts.operation;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.InstanceId;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The record of the hosts topic: what was last heard of a host.
 *
 * @param reachable whether the facts channel is up; false: every other figure is as old as {@code at}
 * @param bootId the kernel's boot id; differs after a reboot
 * @param clockOffsetMillis the host's clock minus ours, as one exchange showed it (half the round trip is the doubt)
 * @param jump the jump host because of which the host is not reached, as {@code user@address:port}: nothing is known of the
 *     host itself then; empty in every other case
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
        Map<InstanceId, ProcessFacts> processes,
        @Nullable MachineFacts machine,
        @Nullable String jump) {
    public static final int SCHEMA = 1;

    public HostFacts {
        processes = Map.copyOf(processes);
        // Records of earlier releases have none.
        machine = Objects.requireNonNullElse(machine, MachineFacts.UNKNOWN);
        jump = Objects.requireNonNullElse(jump, "");
    }

    /** Of a host that is reached, or is itself the reason why not. */
    public HostFacts(
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
            Map<InstanceId, ProcessFacts> processes,
            @Nullable MachineFacts machine) {
        this(
                schema,
                cluster,
                host,
                at,
                reachable,
                reason,
                bootId,
                load1,
                memoryTotalBytes,
                memoryAvailableBytes,
                diskTotalBytes,
                diskAvailableBytes,
                clockOffsetMillis,
                processes,
                machine,
                "");
    }

    /** A host of which nothing has ever been heard. */
    public static HostFacts unheard(ClusterName cluster, HostName host, Instant at, String reason) {
        return new HostFacts(
                SCHEMA, cluster, host, at, false, reason, "", 0, 0, 0, 0, 0, 0, Map.of(), MachineFacts.UNKNOWN);
    }

    /** The same host, no longer heard; all else is what it said last. */
    public HostFacts unreachable(Instant since, String because) {
        return new HostFacts(
                schema,
                cluster,
                host,
                since,
                false,
                because,
                bootId,
                load1,
                memoryTotalBytes,
                memoryAvailableBytes,
                diskTotalBytes,
                diskAvailableBytes,
                clockOffsetMillis,
                processes,
                machine);
    }

    /**
     * The same, where it is the jump host's fault.
     *
     * @param through as {@code user@address:port}; empty if it is not
     */
    public HostFacts behind(String through) {
        return new HostFacts(
                schema,
                cluster,
                host,
                at,
                reachable,
                reason,
                bootId,
                load1,
                memoryTotalBytes,
                memoryAvailableBytes,
                diskTotalBytes,
                diskAvailableBytes,
                clockOffsetMillis,
                processes,
                machine,
                through);
    }

    /** {@link MachineFacts#UNKNOWN} in a record of an earlier release. */
    @Override
    public MachineFacts machine() {
        return Objects.requireNonNullElse(machine, MachineFacts.UNKNOWN);
    }

    /** Empty in a record of an earlier release. */
    @Override
    public String jump() {
        return Objects.requireNonNullElse(jump, "");
    }
}
