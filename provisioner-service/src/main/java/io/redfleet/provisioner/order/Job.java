package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.wire.Order;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An accepted operation that waits or runs here.
 *
 * @param waits whether it waits for a host that another operation holds, else it fails
 */
record Job(OperationState accepted, Task task, AtomicBoolean cancelled, boolean waits) {
    Job(OperationState accepted, Task task, boolean waits) {
        this(accepted, task, new AtomicBoolean(), waits);
    }

    /** Of the monitor, or of an owner before this one: neither is refused for what an operator may send again. */
    Job(OperationState accepted, Task task) {
        this(accepted, task, true);
    }

    /** The first record of an order's operation. */
    static OperationState first(Order order, ClusterState cluster, Task task, Instant now) {
        return new OperationState(
                OperationState.SCHEMA,
                OperationIds.of(order.sentAt(), order.id().value()),
                cluster.name(),
                cluster.uid(),
                task.kind(),
                task.subject().orElse(null),
                order.actor(),
                OperationState.Status.WAITING,
                "accepted",
                now,
                null,
                List.of(),
                Set.of(),
                (task instanceof Task.Provision provision && !provision.plan().isEmpty()) ? provision.plan() : null,
                null,
                agreed(task, false),
                agreed(task, true));
    }

    /** Of restarts, which stop before the master or not; null where it has not agreed to such. */
    private static @Nullable Boolean agreed(Task task, boolean untilMaster) {
        boolean so = task instanceof Task.Provision provision
                && provision.mayRestart()
                && provision.restarts().untilMaster() == untilMaster;
        return so ? true : null;
    }

    OperationId id() {
        return accepted.id();
    }
}
