package io.redfleet.gateway.edge.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.wire.CommandId;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The answer to a write. */
@Schema(description = "What became of a write")
public record Written(
        ClusterName cluster,

        @Schema(description = "The operation that carries it out; null when nothing changes or nobody has answered yet")
        @Nullable
        OperationId operation,

        @Schema(
                description = "accepted: work has begun or waits its turn; unchanged: nothing to do;"
                        + " pending: on the bus, not answered within the deadline")
        String state,

        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(
                description =
                        "Only when pending: the order's id; Location says where to ask, and so does the same request"
                                + " with the same Idempotency-Key")
        @Nullable
        CommandId command) {}
