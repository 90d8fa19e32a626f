package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.wire.CommandId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
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
    /**
     * Operations that are over and stay on the bus. Ten a day are ten days to look back on. A record has about 1 KB for a
     * restart and 8 KB for the provisioning of nine instances: 100 are 0.1 to 0.8 MB for a cluster, and 2 MB more where each
     * verification has all the findings that a record takes. Orders are delivered again at most once per crash, and only the
     * newest can be.
     */
    static final int KEPT = 100;

    /** More than the rules of a cluster want to be run within a minute. */
    private static final int MOST_REMEDIES = 20;

    /** Ids of about 30 characters. What does not fit here is found again at the next replay. */
    private static final int MOST_SURPLUS = 1_000;

    private @Nullable ClusterState cluster;
    private @Nullable ClusterState settled;
    private @Nullable Job running;
    private @Nullable Job waiting;

    /** How many jobs have joined. */
    private long turns;

    /** What the monitor has asked for and waits; each says itself when it has become too late. */
    private final Deque<Runnable> remedies = new ArrayDeque<>();

    /** In the order of their last records; all that are not over, and the {@link #KEPT} newest that are. */
    private final Map<OperationId, OperationState> operations = new LinkedHashMap<>();

    private final Deque<OperationId> surplus = new ArrayDeque<>();

    synchronized Optional<ClusterState> cluster() {
        return Optional.ofNullable(cluster);
    }

    synchronized void stands(@Nullable ClusterState state) {
        cluster = state;
        if (state == null || state.phase() == Phase.READY || state.phase() == Phase.FAILED) {
            settled = state;
        }
    }

    /**
     * As it stood when nobody worked on it last, and nothing was accepted that is not done. Empty: not since this process has it.
     */
    synchronized Optional<ClusterState> settled() {
        return Optional.ofNullable(settled);
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
        turns++;
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

    /** Another number for each job that has joined: whoever looks at it twice knows whether anybody worked in between. */
    synchronized long turns() {
        return turns;
    }

    /** The running job is over; answers the one that begins now. */
    synchronized Optional<Job> next() {
        running = waiting;
        waiting = null;
        return Optional.ofNullable(running);
    }

    /**
     * Whether it waits now. A program waits for whatever else the monitor has asked for; a restart or a stop waits for a program
     * alone, before all other programs. A person's work, which has no bound, is waited for by nobody.
     */
    synchronized boolean later(Task.Remedy task, Runnable again) {
        if (running == null || waiting != null || remedies.size() >= MOST_REMEDIES) {
            return false;
        }
        if (!(running.task() instanceof Task.Remedy other)) {
            return false;
        }
        if (task.execs()) {
            remedies.addLast(again);
            return true;
        }
        if (other.execs()) {
            remedies.addFirst(again);
        }
        return other.execs();
    }

    /** What is looked at next of that, once nothing runs. */
    synchronized Optional<Runnable> nextRemedy() {
        return running == null ? Optional.ofNullable(remedies.poll()) : Optional.empty();
    }

    synchronized void dropWaiting() {
        waiting = null;
    }

    synchronized void remember(OperationState state) {
        operations.remove(state.id());
        operations.put(state.id(), state);
        List<OperationId> over = operations.values().stream()
                .filter(Line::over)
                .map(OperationState::id)
                .toList();
        for (OperationId old : over.subList(0, Math.max(0, over.size() - KEPT))) {
            operations.remove(old);
            if (surplus.size() < MOST_SURPLUS) {
                surplus.addLast(old);
            }
        }
    }

    /** Its record has ended already. */
    synchronized void forget(OperationId operation) {
        operations.remove(operation);
        surplus.remove(operation);
    }

    /** Takes the oldest operations whose records are to be ended, at most so many. */
    synchronized List<OperationId> surplus(int most) {
        List<OperationId> taken = new ArrayList<>();
        while (taken.size() < most && !surplus.isEmpty()) {
            taken.add(surplus.removeFirst());
        }
        return taken;
    }

    synchronized Optional<OperationState> operation(OperationId id) {
        return Optional.ofNullable(operations.get(id));
    }

    /** The operation that this command asked for: sent again, it bears another time, but the same id. */
    synchronized Optional<OperationId> of(CommandId command) {
        return causedBy(command.value());
    }

    /** As {@link #of}, of whatever asked for it. */
    synchronized Optional<OperationId> causedBy(String cause) {
        String suffix = OperationIds.suffix(cause);
        return operations.keySet().stream()
                .filter(id -> id.value().endsWith(suffix))
                .findFirst();
    }

    /** Those that are not over, or whose end may not have been told, in the order in which they were accepted. */
    synchronized List<OperationState> unfinished() {
        return operations.values().stream()
                .filter(operation -> !over(operation))
                .sorted(Comparator.comparing(operation -> operation.id().value()))
                .toList();
    }

    private static boolean over(OperationState operation) {
        return operation.status().done() && operation.finishedAt() != null;
    }
}
