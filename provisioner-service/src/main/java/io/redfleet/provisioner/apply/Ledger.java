package io.redfleet.provisioner.apply;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.SealedSecret;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Position;
import io.redfleet.provisioner.lease.Standing;
import java.util.List;

/**
 * Where this service writes what it knows and does. Each call returns once the record is durable, however long that
 * takes, or throws {@link Lost}; what can never be
 * written is cut short, and where that will not do, {@link Unwritable}. Thread-safe.
 */
public interface Ledger extends Standing {
    Position cluster(ClusterState state);

    /** Ends the cluster's record. */
    Position forget(ClusterName cluster);

    /** One password, sealed; no host may see it before this has returned. */
    Position secret(SealedSecret secret);

    /** Ends the record of a password. */
    void forgetSecret(ClusterName cluster, Purpose purpose);

    Position operation(OperationState state);

    /** Ends the record of an operation that is over. */
    void forgetOperation(ClusterName cluster, OperationId operation);

    void outcome(Outcome outcome);

    void tell(Fact fact);

    /** All of them, in this order; but one that had to be tried again, or cut short, may come behind the others. */
    default void tell(List<Fact> facts) {
        facts.forEach(this::tell);
    }

    void host(HostFacts facts);

    /** Ends the record of a host of a cluster. */
    void forgetHost(ClusterName cluster, HostName host);

    /** The work is no longer ours, or the process ends: stop at once. */
    final class Lost extends RuntimeException {
        private static final long serialVersionUID = 1;

        public Lost(String why) {
            super(why);
        }
    }

    /** The record is at fault, most likely too large: trying again would be in vain. */
    final class Unwritable extends RuntimeException {
        private static final long serialVersionUID = 1;

        public Unwritable(String why) {
            super(why);
        }
    }
}
