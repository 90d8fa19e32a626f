package io.redfleet.contracts.operation;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.wire.Actor;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The record of the {@code operations} topic: an operation's journal.
 *
 * @param kind what it does, in a word: provision, decommission, roll, start, stop, restart, remedy, remedy-stop, remedy-exec,
 *     and of a password rotate-USER, rotate-USER-finish
 * @param instance the one that is started, stopped or restarted, or for which a program is run; null for work on the whole cluster
 * @param finishedAt null as long as it goes on, and for the moment in which its end is decided but not told yet
 * @param expectsDown instances that a running step stops: seen, not alarmed
 * @param reason one sentence on the status; names host, step, command and cause of a failure
 * @param plan the id of the plan that its first step must belong to; null: whatever is to be done
 * @param verification what was found on the hosts at its end; null: nothing was looked at, or it is a record of before
 * @param rolling whether it may restart what runs where a difference needs it; null: no, or it is a record of before
 * @param untilMaster whether it may, but for the master; null: no, or it is a record of before. In place of {@code rolling}: an
 *     owner of before would not stop
 */
public record OperationState(
        int schema,
        OperationId id,
        ClusterName cluster,
        ClusterUid uid,
        String kind,
        @Nullable InstanceId instance,
        Actor actor,
        Status status,
        String reason,
        Instant acceptedAt,
        @Nullable Instant finishedAt,
        List<StepState> steps,
        Set<InstanceId> expectsDown,
        @Nullable String plan,
        @Nullable Verification verification,
        @Nullable Boolean rolling,
        @Nullable Boolean untilMaster) {
    public static final int SCHEMA = 1;

    /** One whose restarts, if any, do not stop before the master. */
    public OperationState(
            int schema,
            OperationId id,
            ClusterName cluster,
            ClusterUid uid,
            String kind,
            @Nullable InstanceId instance,
            Actor actor,
            Status status,
            String reason,
            Instant acceptedAt,
            @Nullable Instant finishedAt,
            List<StepState> steps,
            Set<InstanceId> expectsDown,
            @Nullable String plan,
            @Nullable Verification verification,
            @Nullable Boolean rolling) {
        this(
                schema,
                id,
                cluster,
                uid,
                kind,
                instance,
                actor,
                status,
                reason,
                acceptedAt,
                finishedAt,
                steps,
                expectsDown,
                plan,
                verification,
                rolling,
                null);
    }

    /** One that restarts nothing for a difference. */
    public OperationState(
            int schema,
            OperationId id,
            ClusterName cluster,
            ClusterUid uid,
            String kind,
            @Nullable InstanceId instance,
            Actor actor,
            Status status,
            String reason,
            Instant acceptedAt,
            @Nullable Instant finishedAt,
            List<StepState> steps,
            Set<InstanceId> expectsDown,
            @Nullable String plan,
            @Nullable Verification verification) {
        this(
                schema,
                id,
                cluster,
                uid,
                kind,
                instance,
                actor,
                status,
                reason,
                acceptedAt,
                finishedAt,
                steps,
                expectsDown,
                plan,
                verification,
                null);
    }

    /** One at whose end nothing has been looked at yet. */
    public OperationState(
            int schema,
            OperationId id,
            ClusterName cluster,
            ClusterUid uid,
            String kind,
            @Nullable InstanceId instance,
            Actor actor,
            Status status,
            String reason,
            Instant acceptedAt,
            @Nullable Instant finishedAt,
            List<StepState> steps,
            Set<InstanceId> expectsDown,
            @Nullable String plan) {
        this(
                schema,
                id,
                cluster,
                uid,
                kind,
                instance,
                actor,
                status,
                reason,
                acceptedAt,
                finishedAt,
                steps,
                expectsDown,
                plan,
                null,
                null);
    }

    /** One that does whatever is to be done. */
    public OperationState(
            int schema,
            OperationId id,
            ClusterName cluster,
            ClusterUid uid,
            String kind,
            @Nullable InstanceId instance,
            Actor actor,
            Status status,
            String reason,
            Instant acceptedAt,
            @Nullable Instant finishedAt,
            List<StepState> steps,
            Set<InstanceId> expectsDown) {
        this(
                schema,
                id,
                cluster,
                uid,
                kind,
                instance,
                actor,
                status,
                reason,
                acceptedAt,
                finishedAt,
                steps,
                expectsDown,
                null);
    }

    public OperationState {
        steps = List.copyOf(steps);
        expectsDown = Set.copyOf(expectsDown);
    }

    /** Where an operation stands. */
    public enum Status {
        WAITING,
        RUNNING,
        SUCCEEDED,
        FAILED,
        CANCELLED;

        public boolean done() {
            return this == SUCCEEDED || this == FAILED || this == CANCELLED;
        }
    }
}
