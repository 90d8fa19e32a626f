package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One cluster's place at the desk: what stands, what runs, what waits. Guarded by the desk. */
final class Line {
    /** Orders are delivered again at most once per crash; the newest operations are the ones that can be. */
    private static final int REMEMBERED = 200;

    private @Nullable ClusterState cluster;
    private @Nullable Job running;
    private @Nullable Job waiting;

    private final Map<OperationId, OperationState> operations = new LinkedHashMap<>();

    Optional<ClusterState> cluster() {
        return Optional.ofNullable(cluster);
    }

    void stands(@Nullable ClusterState state) {
        cluster = state;
    }

    Optional<Job> running() {
        return Optional.ofNullable(running);
    }

    Optional<Job> waiting() {
        return Optional.ofNullable(waiting);
    }

    boolean full() {
        return running != null && waiting != null;
    }

    boolean idle() {
        return running == null;
    }

    /** Whether the job may begin now; otherwise it waits. */
    boolean join(Job job) {
        if (running == null) {
            running = job;
            return true;
        }
        if (waiting != null) {
            throw new IllegalStateException("a third operation beside " + running.id() + " and " + waiting.id());
        }
        waiting = job;
        return false;
    }

    /** The running job is over; answers the one that begins now. */
    Optional<Job> next() {
        running = waiting;
        waiting = null;
        return Optional.ofNullable(running);
    }

    void dropWaiting() {
        waiting = null;
    }

    void remember(OperationState state) {
        operations.remove(state.id());
        operations.put(state.id(), state);
        if (operations.size() > REMEMBERED) {
            operations.remove(operations.keySet().iterator().next());
        }
    }

    Optional<OperationState> operation(OperationId id) {
        return Optional.ofNullable(operations.get(id));
    }

    Iterable<OperationState> operations() {
        return java.util.List.copyOf(operations.values());
    }
}
