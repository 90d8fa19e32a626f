package io.redfleet.contracts.event;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.wire.Position;
import io.redfleet.contracts.wire.ServiceName;
import io.redfleet.contracts.wire.Violation;
import java.util.List;

/** What was asked for, and what came of it. */
public sealed interface OperationEvent extends Event {
    @EventType(value = "cluster.accepted", writer = ServiceName.PROVISIONER)
    record Accepted(long revision) implements OperationEvent {}

    @EventType(value = "cluster.refused", writer = ServiceName.PROVISIONER)
    record Refused(List<Violation> errors) implements OperationEvent {}

    @EventType(value = "cluster.removed", writer = ServiceName.PROVISIONER)
    record Removed(long revision, ClusterSpec lastSpec) implements OperationEvent {}

    /**
     * Whom the spec left out is gone, or was given up as lost; whatever else was told of them is over.
     *
     * @param revision of the spec
     * @param hosts those of which nothing stays
     */
    @EventType(value = "cluster.membersLeft", writer = ServiceName.PROVISIONER)
    record MembersLeft(long revision, List<InstanceId> instances, List<String> hosts) implements OperationEvent {}

    /**
     * The cluster's record cannot be read: nothing is done on its hosts until {@link Unparked}.
     *
     * @param record where it lies; a dead letter says the same
     */
    @EventType(value = "cluster.parked", writer = ServiceName.PROVISIONER)
    record Parked(Position record, String error) implements OperationEvent {}

    /** The opposite of {@link Parked}: it is readable again. */
    @EventType(value = "cluster.unparked", writer = ServiceName.PROVISIONER)
    record Unparked() implements OperationEvent {}

    @EventType(value = "operation.started", writer = ServiceName.PROVISIONER)
    record Started(String kind, int steps) implements OperationEvent {}

    @EventType(value = "operation.stepDone", writer = ServiceName.PROVISIONER)
    record StepDone(String step, String host, String title, boolean changed) implements OperationEvent {}

    @EventType(value = "operation.stepFailed", writer = ServiceName.PROVISIONER)
    record StepFailed(String step, String host, String title, String error) implements OperationEvent {}

    @EventType(value = "operation.succeeded", writer = ServiceName.PROVISIONER)
    record Succeeded(String kind, long tookMillis, int changed) implements OperationEvent {}

    @EventType(value = "operation.failed", writer = ServiceName.PROVISIONER)
    record Failed(String kind, long tookMillis, String error) implements OperationEvent {}

    @EventType(value = "operation.cancelled", writer = ServiceName.PROVISIONER)
    record Cancelled(String kind) implements OperationEvent {}

    /**
     * The cluster was held against its spec at the end of an operation; its record has the findings.
     *
     * @param holds whether no rule is broken that makes it unsafe or untrue to its spec, and every host gave an answer
     * @param passed how many rules passed, over all hosts
     * @param failed how many are broken that decide {@code holds}
     * @param warned how many are broken beside these
     * @param unverified of how many nobody knows
     * @param first the first findings, each in words
     */
    @EventType(value = "operation.verified", writer = ServiceName.PROVISIONER)
    record Verified(boolean holds, int passed, int failed, int warned, int unverified, List<String> first)
            implements OperationEvent {}

    /**
     * The hosts differ from the spec that was made true on them, and no operation is under way; told again when the
     * difference becomes another. Nothing is changed until somebody applies the spec again.
     *
     * @param plan the id of the plan that would undo it; it stays the same as long as the difference does
     * @param revision of the spec
     * @param changes how many steps of that plan change something
     * @param live how many of these change what runs, without a restart
     * @param starts how many of these start an instance
     * @param restarts how many of these are of instances that stop and start again
     * @param first the titles of the first of these
     */
    @EventType(value = "drift.found", writer = ServiceName.PROVISIONER)
    record DriftFound(String plan, long revision, int changes, int live, int starts, int restarts, List<String> first)
            implements OperationEvent {}

    /**
     * The opposite of {@link DriftFound}: the hosts are as the spec says.
     *
     * @param lastedMillis since the first difference was found
     */
    @EventType(value = "drift.cleared", writer = ServiceName.PROVISIONER)
    record DriftCleared(long lastedMillis) implements OperationEvent {}

    /** Somebody was shown a password. */
    @EventType(value = "secret.revealed", writer = ServiceName.PROVISIONER)
    record SecretRevealed(String user) implements OperationEvent {}

    /** A user is given another password; instances take the old one too until {@link RotationFinished}. */
    @EventType(value = "secret.rotationStarted", writer = ServiceName.PROVISIONER)
    record RotationStarted(String user) implements OperationEvent {}

    /** The opposite of {@link RotationStarted}: no instance takes the old password any more. */
    @EventType(value = "secret.rotationFinished", writer = ServiceName.PROVISIONER)
    record RotationFinished(String user) implements OperationEvent {}
}
