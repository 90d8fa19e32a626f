package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.wire.CommandId;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One cluster's place at the desk: what stands, what runs, what waits. Each call is safe from any thread; whoever looks
 * and then acts on what was seen holds the desk.
 */
final class Line {
    /** Orders are delivered again at most once per crash; the newest operations are the ones that can be. */
    private static final int REMEMBERED = 200;

    private @Nullable ClusterState cluster;
    private @Nullable Job running;
    private @Nullable Job waiting;

    private final Map<OperationId, OperationState> operations = new LinkedHashMap<>();

    synchronized Optional<ClusterState> cluster() {
        return Optional.ofNullable(cluster);
    }

    synchronized void stands(@Nullable ClusterState state) {
        cluster = state;
    }

    synchronized Optional<Job> running() {
        return Optional.ofNullable(running);
    }

    synchronized Optional<Job> waiting() {
        return Optional.ofNullable(waiting);
    }

    synchronized boolean full() {
        return running != null && waiting != null;
    }

    synchronized boolean idle() {
        return running == null;
    }

    /** Whether the job may begin now; otherwise it waits. */
    synchronized boolean join(Job job) {
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
    synchronized Optional<Job> next() {
        running = waiting;
        waiting = null;
        return Optional.ofNullable(running);
    }

    synchronized void dropWaiting() {
        waiting = null;
    }

    synchronized void remember(OperationState state) {
        operations.remove(state.id());
        operations.put(state.id(), state);
        if (operations.size() > REMEMBERED) {
            operations.remove(operations.keySet().iterator().next());
        }
    }

    synchronized Optional<OperationState> operation(OperationId id) {
        return Optional.ofNullable(operations.get(id));
    }

    /** The operation that this command asked for: sent again, it bears another time, but the same id. */
    synchronized Optional<OperationId> of(CommandId command) {
        String suffix = OperationIds.suffix(command.value());
        return operations.keySet().stream()
                .filter(id -> id.value().endsWith(suffix))
                .findFirst();
    }

    /** Those that are not over, in the order in which they were accepted. */
    synchronized List<OperationState> unfinished() {
        return operations.values().stream()
                .filter(operation -> !operation.status().done())
                .sorted(Comparator.comparing(operation -> operation.id().value()))
                .toList();
    }
}
