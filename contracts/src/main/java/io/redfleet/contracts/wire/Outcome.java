package io.redfleet.contracts.wire;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.operation.OperationId;
import java.time.Instant;
import java.util.List;

/**
 * The record of the {@code outcomes} topic: what became of an order. For one command the first record counts.
 *
 * @param positions the state records written before this outcome, so that a reader can wait until it has seen them
 */
public record Outcome(CommandId command, ClusterName cluster, Instant at, Result result, List<Position> positions) {
    public Outcome {
        positions = List.copyOf(positions);
    }

    /** What became of it. */
    public sealed interface Result {}

    /** Work has begun, or waits its turn, as this operation. */
    public record Accepted(OperationId operation) implements Result {}

    /** Nothing was done, and why. */
    public record Refused(Problem problem) implements Result {}

    /**
     * Done at once, or nothing to do.
     *
     * @param body JSON text, at most 512 KiB
     */
    public record Answered(String body) implements Result {}
}
