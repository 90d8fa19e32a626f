package io.redfleet.gateway.order;

import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Problem;
import java.util.Optional;

/** What became of an {@link Ask} by the time its caller has to be answered. */
public sealed interface Reply {
    /** Work has begun or waits its turn; the views show it. */
    record Accepted(OperationId operation) implements Reply {}

    /** Done at once, or nothing to do; the views show it. */
    record Answered(String body) implements Reply {}

    /** Nothing was done. */
    record Refused(Problem problem) implements Reply {}

    /**
     * The order is on the bus, but it is not answered yet, or our views do not show the answer yet: it will be
     * carried out or refused.
     *
     * @param operation empty while nobody has answered
     */
    record Pending(CommandId command, Optional<OperationId> operation) implements Reply {}

    /** The order is not on the bus as far as we know; the same request may be tried again. */
    record Away(String reason) implements Reply {}
}
