package io.redfleet.provisioner.order;

import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import java.util.concurrent.atomic.AtomicBoolean;

/** An accepted operation that waits or runs here. */
record Job(OperationState accepted, Task task, AtomicBoolean cancelled) {
    Job(OperationState accepted, Task task) {
        this(accepted, task, new AtomicBoolean());
    }

    OperationId id() {
        return accepted.id();
    }
}
