package io.redfleet.monitor.remedy;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.health.Liveness;

/**
 * An instance for which a restart is due, and what speaks for it.
 *
 * @param busy whether it answers BUSY: it lives and a script runs
 * @param stateful whether it was loading or saving when it was heard last
 * @param master whether the Sentinels name it
 * @param process what the host says of the process
 * @param operation the operation that works on the cluster; empty when none does
 * @param sentinelsSeeingDown of those asked; -1 when none was
 */
public record Patient(
        InstanceId id,
        InstanceRole role,
        Liveness liveness,
        boolean busy,
        boolean stateful,
        boolean master,
        ProcessSeen process,
        String operation,
        int sentinelsSeeingDown) {
    /** The host's word on the process. */
    public enum ProcessSeen {
        /** No facts, or older than the outage. */
        UNKNOWN,
        ABSENT,
        PRESENT,
        /** A person stopped it. */
        STOPPED
    }
}
